import { useEffect } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Request } from "../api/factory";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { letGo } from "../common/flash";
import { Person, personText } from "../common/person";
import { useHere } from "../common/place";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import type { PageProps } from "../pages";
import { useAddress } from "../router/history";
import { RequestActions } from "./actions";
import { asked } from "./asked";
import { AskCard } from "./ask";
import { Gone } from "./gone";
import { useRequest } from "./live";
import { Progress } from "./progress";
import { RequestState } from "./state";
import { kindText } from "./steps";
import { Timeline } from "./timeline";

// RequestPage is the status of one request, changing as it does.
export function RequestPage({ params }: PageProps) {
  const read = useRequest(params.id!);
  const path = useAddress().pathname;
  const begun = read.data?.position === 0;
  useEffect(() => {
    if (begun) letGo(path); // it said that the request was in the queue
  }, [begun, path]);
  return (
    <Shown of={read} what="read the request">
      {(r) => (
        <SpaceBetween size="l">
          <Header
            variant="h1"
            description={`${kindText[r.kind] ?? r.kind} requested by ${personText(r.requester)}`}
            actions={<RequestActions request={r} refresh={read.refresh} refreshing={read.loading} set={read.set} />}
          >
            {r.name || r.account || r.id}
          </Header>
          <Trouble r={r} />
          {r.state === "succeeded" && <Gone account={r.accountId ?? ""} />}
          {r.toDo && <Alert type="info" header="Somebody may do this yet"><span className="af-words">{r.toDo}</span></Alert>}
          <AskCard request={r} set={read.set} />
          <Progress request={r} live={read.live} />
          {r.state === "succeeded" && <Outputs r={r} />}
          <Details r={r} />
          <Container header={<Header variant="h2">Timeline</Header>}>
            <Timeline request={r} set={read.set} />
          </Container>
        </SpaceBetween>
      )}
    </Shown>
  );
}

// Trouble gives our words on what went wrong first, then AWS's.
function Trouble({ r }: { r: Request }) {
  if (r.state !== "failed" && r.state !== "needs-decision") return null;
  return (
    <Alert type={r.state === "failed" ? "error" : "warning"} header={r.state === "failed" ? "The request failed" : "Somebody has to decide"}>
      <div className="af-words">
        {r.explanation && <p>{r.explanation}</p>}
        {r.errorMessage && (
          <p>
            AWS says: <Box variant="code">{r.errorCode}</Box> {r.errorMessage}
          </p>
        )}
        <p>Nothing has to be typed again: once the cause is gone, Retry goes on from the step that failed.</p>
      </div>
    </Alert>
  );
}

function Outputs({ r }: { r: Request }) {
  const place = useHere();
  return (
    <Container header={<Header variant="h2">Outputs</Header>}>
      <Facts
        columns={2}
        items={[
          { label: "AccountId", value: r.accountId ? <Copied text={r.accountId} what="account id" /> : "-" },
          { label: "AccountEmail", value: r.accountEmail || "-" },
          { label: "SSOUserEmail", value: r.ssoUserEmail || "-" },
          { label: "SSOUserPortal", value: <Link href="/">Access portal, where the account is entered</Link> },
          ...(r.provisionedProductId
            ? [{ label: "Provisioned product", value: <Link href={place.href(`/servicecatalog/provisioned-products/${r.provisionedProductId}`)}>{r.provisionedProductId}</Link> }]
            : []),
        ]}
      />
    </Container>
  );
}

function Details({ r }: { r: Request }) {
  const person = `${r.ssoUserFirstName} ${r.ssoUserLastName}`.trim();
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <Facts
        columns={3}
        items={[
          { label: "State", value: <RequestState state={r.state} /> },
          { label: "Request", value: <Copied text={r.id} what="request id" /> },
          { label: "Account", value: r.accountId ? <Copied text={r.accountId} what="account id" /> : "not known yet" },
          { label: "Account e-mail", value: r.accountEmail || "-" },
          { label: "Organizational unit", value: r.ou || "-" },
          { label: "SSO user", value: r.ssoUserEmail ? `${person} ${r.ssoUserEmail}` : "-" },
          { label: "Requested", value: <Time at={r.createdAt} /> },
          { label: "Requested by", value: <Person who={r.requester} /> },
          { label: "Reason", value: r.reason || "-" },
          ...asked(r),
        ]}
      />
    </Container>
  );
}
