import Badge from "@cloudscape-design/components/badge";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AWS } from "../api/aws";
import { Requests } from "../catalog/history";
import { searchProvisioned } from "../catalog/read";
import { ProductStatus } from "../catalog/status";
import { ChangeMenu } from "../change/menu";
import type { Provisioned } from "../catalog/types";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import { readAll } from "../factory/read";
import type { PageProps } from "../pages";
import { readBaselines } from "./read";
import { TowerStatus } from "./status";
import { type Account, type EnabledBaseline, stateOf } from "./types";

interface Whole {
  account: Account;
  parent: string;
  tags: { Key: string; Value: string }[];
  baseline: EnabledBaseline | undefined;
  product: Provisioned | undefined;
}

async function readAccount(aws: AWS, id: string): Promise<Whole> {
  const [{ Account: account }, parents, tags, baselines, products] = await Promise.all([
    aws.ask<{ Account: Account }>("organizations", "DescribeAccount", { AccountId: id }),
    aws.all<{ Id: string; Type: string }>("organizations", "ListParents", "Parents", { ChildId: id }),
    aws.all<{ Key: string; Value: string }>("organizations", "ListTagsForResource", "Tags", { ResourceId: id }),
    readBaselines(aws, true).catch(() => []),
    searchProvisioned(aws, "Account", `physicalId:${id}`).catch(() => []),
  ]);
  const parent = parents[0]?.Id ?? "";
  const unit = parent.startsWith("ou-") ? (await aws.ask<{ OrganizationalUnit: { Name: string } }>("organizations", "DescribeOrganizationalUnit", { OrganizationalUnitId: parent })).OrganizationalUnit.Name : "Root";
  return { account, parent: `${unit} (${parent})`, tags, baseline: baselines.find((b) => b.TargetIdentifier === account.Arn), product: products[0] };
}

// AccountPage is one account: where it is, whether Control Tower governs it, and what can be done about it.
export function AccountPage({ params }: PageProps) {
  const { aws } = useHere();
  const id = params.id!;
  const read = useResource(`account/${id}`, () => readAccount(aws, id));
  return (
    <Shown of={read} what="read the account">
      {(whole) => <Body whole={whole} id={id} refresh={read.refresh} loading={read.loading} />}
    </Shown>
  );
}

function Body({ whole, id, refresh, loading }: { whole: Whole; id: string; refresh: () => void; loading: boolean }) {
  const { href, factory } = useHere();
  const requests = useResource(`account/${id}/requests`, async () => (await readAll(factory, {})).filter((r) => r.accountId === id));
  const { account: a, product, baseline } = whole;
  const again = () => {
    refresh();
    requests.refresh();
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={again} loading={loading || requests.loading} />
            <Button href={href(`/identitycenter/accounts/${id}`)}>Who has access</Button>
            {!product && <Button href={href("/controltower/enroll-account", { account: id })}>Enroll</Button>}
            <ChangeMenu account={id} product={product?.Id} />
          </SpaceBetween>
        }
      >
        {a.Name}
      </Header>
      <Container header={<Header variant="h2">Account details</Header>}>
        <Facts
          columns={3}
          items={[
            { label: "ID", value: <Copied text={a.Id} what="account id" /> },
            { label: "E-mail", value: a.Email },
            { label: "State", value: <TowerStatus status={stateOf(a)} /> },
            { label: "Organizational unit", value: whole.parent },
            { label: "Control Tower", value: baseline ? <TowerStatus status={baseline.StatusSummary?.Status ?? ""} /> : "not enrolled" },
            { label: "Baseline version", value: baseline?.BaselineVersion ?? "-" },
            { label: "Provisioned product", value: product ? <><Link href={href(`/servicecatalog/provisioned-products/${product.Id}`)}>{product.Name}</Link> <ProductStatus status={product.Status} /></> : "-" },
            { label: "Joined", value: <><Time at={a.JoinedTimestamp} /> {a.JoinedMethod?.toLowerCase()}</> },
            { label: "Tags", value: whole.tags.length ? <SpaceBetween direction="horizontal" size="xxs">{whole.tags.map((t) => <Badge key={t.Key}>{`${t.Key}: ${t.Value}`}</Badge>)}</SpaceBetween> : "-" },
          ]}
        />
      </Container>
      <Shown of={requests} what="read the requests about this account">{(rows) => <Requests requests={rows} />}</Shown>
    </SpaceBetween>
  );
}
