import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { extrasText } from "../change/extras";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { personText } from "../common/person";
import { Shown } from "../common/shown";
import { Trouble } from "../common/trouble";
import { duration, goDuration, Time } from "../common/time";
import type { Queue } from "../api/factory";
import { type Checks, sentence } from "./checks";
import { DryRun } from "./dryrun";
import type { Draft } from "./launch";
import type { Artifact } from "./types";

interface Props {
  draft: Draft;
  version: Artifact | undefined;
  checks: Checks;
  edit: (step: number) => void;
}

// Review shows all that will be submitted, what is not offered and why, the place in the queue and the calls that follow.
export function Review({ draft, version, checks, edit }: Props) {
  const { factory } = useHere();
  const queue = useResource("queue", factory.queue, 5000);
  const bad = (checks.plan?.checks ?? []).filter((c) => c.result === "failed");
  const notes = (checks.plan?.checks ?? []).filter((c) => c.result === "note");
  return (
    <SpaceBetween size="l">
      {checks.error && <Trouble error={checks.error} what="check the parameters" />}
      {bad.length > 0 && (
        <Alert type="error" header="This would be refused">
          <ul>{bad.map((c) => <li key={c.name + c.seen}>{sentence(c)}</li>)}</ul>
        </Alert>
      )}
      {notes.length > 0 && (
        <Alert type="info">
          {notes.map((c) => <div key={c.name + c.seen}>{sentence(c)}</div>)}
        </Alert>
      )}
      <Container header={<Header variant="h2" actions={<Button onClick={() => edit(0)} ariaLabel="Edit version and name">Edit</Button>}>Step 1: Product version and name</Header>}>
        <Facts
          columns={2}
          items={[
            { label: "Version", value: version?.Name ?? "-" },
            { label: "Name", value: draft.name || "-" },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2" actions={<Button onClick={() => edit(1)} ariaLabel="Edit parameters">Edit</Button>}>Step 2: Parameters</Header>}>
        <Facts
          columns={2}
          items={[
            { label: "SSOUserEmail", value: draft.ssoUserEmail || "-" },
            { label: "SSOUserFirstName", value: draft.ssoUserFirstName || "-" },
            { label: "SSOUserLastName", value: draft.ssoUserLastName || "-" },
            { label: "AccountEmail", value: draft.accountEmail || "-" },
            { label: "AccountName", value: draft.name || "-" },
            { label: "ManagedOrganizationalUnit", value: draft.ou || "-" },
            { label: "Reason", value: draft.reason || "-" },
            ...extrasText(draft.extras).map(({ label, lines }) => ({ label, value: lines.map((line) => <div key={line} className="af-words">{line}</div>) })),
          ]}
        />
      </Container>
      <NotOffered />
      <Container header={<Header variant="h2">When it begins</Header>}>
        <Shown of={queue} what="read the queue">{(q) => <Box>{<Turn queue={q} />}</Box>}</Shown>
      </Container>
      <DryRun plan={checks.plan} />
    </SpaceBetween>
  );
}

function NotOffered() {
  return (
    <Container header={<Header variant="h2">Not offered for this product</Header>}>
      <Facts
        columns={3}
        items={[
          { label: "TagOptions", value: "An account launched with TagOptions fails to provision. The account's own tags are given under More." },
          { label: "Notifications", value: "An account launched with notification topics fails to provision. The request's page follows it live instead." },
          { label: "Resource plan", value: "An account launched with a plan never finishes. What would be done is listed below." },
        ]}
      />
    </Container>
  );
}

function Turn({ queue: q }: { queue: Queue }) {
  const usual = goDuration(q.usual);
  const takes = usual ? ` One usually takes ${duration(usual)}.` : "";
  if (q.mode !== "open") return <>The queue is {q.mode} (by {personText(q.modeBy ?? "")}): {q.mode === "paused" ? "your request will wait until it is resumed." : "it takes no new requests."}</>;
  if (q.running < q.limit && q.waiting === 0) return <>At once: {q.running} of {q.limit} account operations are in use.{takes}</>;
  return (
    <>
      Place {q.waiting + 1} in the queue: {q.running} of {q.limit} account operations are in use, {q.waiting} waiting before yours.{takes}
      {q.nextStart && <> The next one begins about <Time at={q.nextStart} />.</>}
    </>
  );
}
