import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ChangeMenu } from "../change/menu";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { Person } from "../common/person";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import { Gone } from "../factory/gone";
import { useChanges } from "../factory/live";
import type { PageProps } from "../pages";
import { History, Requests } from "./history";
import { readWhole, type Whole } from "./provisionedread";
import { statusOf } from "./mine";
import { ProductStatus } from "./status";

// ProvisionedProduct is one provisioned product: outputs, history, parameters, and what can be done with it.
export function ProvisionedProduct({ params }: PageProps) {
  const { aws, factory } = useHere();
  const id = params.id!;
  const read = useResource(`provisioned/${id}`, () => readWhole(aws, factory, id));
  useChanges(read.refresh);
  return (
    <Shown of={read} what="read the provisioned product">
      {(whole) => <Body id={id} whole={whole} refresh={read.refresh} loading={read.loading} />}
    </Shown>
  );
}

function Body({ id, whole, refresh, loading }: { id: string; whole: Whole; refresh: () => void; loading: boolean }) {
  const place = useHere();
  const { product, requests } = whole;
  const launch = requests.find((r) => r.provisionedProductId === id);
  const account = product?.PhysicalId ?? launch?.accountId ?? "";
  const status = product?.Status ?? "";
  const name = product?.Name ?? launch?.name ?? id;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={refresh} loading={loading} />
            <ChangeMenu account={account} product={id} />
          </SpaceBetween>
        }
      >
        {name}
      </Header>
      {!product && <Gone account={account} />}
      {(status === "TAINTED" || status === "ERROR") && (
        <Alert
          type={status === "ERROR" ? "error" : "warning"}
          header={status === "ERROR" ? "The product is in error: its first launch failed" : "The product is tainted: its last change did not end as asked"}
          action={account && <Button href={place.href(`/factory/accounts/${account}/repair`)}>Repair</Button>}
        >
          <span className="af-words">{product?.StatusMessage}</span>
        </Alert>
      )}
      <Container header={<Header variant="h2">Provisioned product details</Header>}>
        <Facts
          columns={3}
          items={[
            { label: "Status", value: product ? <ProductStatus status={status} /> : launch ? <><ProductStatus status={statusOf[launch.state]} /> by its request</> : "-" },
            { label: "ID", value: <Copied text={id} what="provisioned product id" /> },
            { label: "Account", value: account ? <Copied text={account} what="account id" /> : "-" },
            { label: "Type", value: product?.Type ?? "CONTROL_TOWER_ACCOUNT" },
            { label: "Created", value: <Time at={product?.CreatedTime ?? launch?.createdAt} /> },
            { label: "Requested by", value: <Person who={launch?.requester ?? product?.UserArnSession ?? "-"} /> },
          ]}
        />
      </Container>
      <Outputs whole={whole} account={account} />
      <Parameters whole={whole} />
      <Requests requests={requests} />
      <History records={whole.history} denied={whole.refusal} />
    </SpaceBetween>
  );
}

function Outputs({ whole, account }: { whole: Whole; account: string }) {
  const launch = whole.requests.find((r) => r.state === "succeeded");
  const seen = whole.outputs.length > 0
    ? whole.outputs.map((o) => ({ label: o.OutputKey, value: value(o.OutputKey, o.OutputValue), info: undefined }))
    : launch
      ? [
          { label: "AccountId", value: <Copied text={account} what="AccountId" /> },
          { label: "AccountEmail", value: launch.accountEmail },
          { label: "SSOUserEmail", value: launch.ssoUserEmail },
          { label: "SSOUserPortal", value: <Link href="/">Access portal</Link> },
        ]
      : [];
  return (
    <Container header={<Header variant="h2">Outputs</Header>}>
      {seen.length > 0 ? <Facts columns={2} items={seen} /> : <Box>There are outputs once the account is made.</Box>}
    </Container>
  );
}

function value(key: string, text: string) {
  if (key === "SSOUserPortal") return <Link href={text} external>{text}</Link>;
  return <Copied text={text} what={key} />;
}

function Parameters({ whole }: { whole: Whole }) {
  const last = whole.requests.find((r) => r.kind === "launch" || r.kind === "update");
  if (!last) return null;
  return (
    <Container header={<Header variant="h2">Parameters</Header>}>
      <Facts
        columns={3}
        items={[
          { label: "AccountName", value: last.name || "-" },
          { label: "AccountEmail", value: last.accountEmail || "-" },
          { label: "ManagedOrganizationalUnit", value: last.ou || "-" },
          { label: "SSOUserEmail", value: last.ssoUserEmail || "-" },
          { label: "SSOUserFirstName", value: last.ssoUserFirstName || "-" },
          { label: "SSOUserLastName", value: last.ssoUserLastName || "-" },
        ]}
      />
    </Container>
  );
}
