import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";
import type { PageProps } from "../pages";
import { type PermissionSet, readInstance, setArn } from "./read";

// PermissionSetPage is one permission set: its policies, and the accounts it is provisioned to.
export function PermissionSetPage({ params }: PageProps) {
  const { aws, href } = useHere();
  const id = params.id!;
  const read = useResource(`permissionset/${id}`, async () => {
    const instance = await readInstance(aws);
    const of = { InstanceArn: instance.InstanceArn, PermissionSetArn: setArn(instance, id) };
    const [set, managed, inline, accounts] = await Promise.all([
      aws.ask<{ PermissionSet: PermissionSet }>("sso-admin", "DescribePermissionSet", of),
      aws.all<{ Name: string; Arn: string }>("sso-admin", "ListManagedPoliciesInPermissionSet", "AttachedManagedPolicies", of),
      aws.ask<{ InlinePolicy?: string }>("sso-admin", "GetInlinePolicyForPermissionSet", of),
      aws.all<string>("sso-admin", "ListAccountsForProvisionedPermissionSet", "AccountIds", of),
    ]);
    return { set: set.PermissionSet, managed, inline: inline.InlinePolicy ?? "", accounts };
  });
  return (
    <Shown of={read} what="read the permission set">
      {({ set, managed, inline, accounts }) => (
        <SpaceBetween size="l">
          <Header variant="h1" description={set.Description}>{set.Name}</Header>
          <Container header={<Header variant="h2">Details</Header>}>
            <Facts
              columns={3}
              items={[
                { label: "ARN", value: <Copied text={set.PermissionSetArn} what="ARN" /> },
                { label: "Session", value: set.SessionDuration ?? "-" },
                { label: "Created", value: <Time at={set.CreatedDate} /> },
              ]}
            />
          </Container>
          <Table<{ Name: string; Arn: string }>
            header={<Header variant="h2" counter={`(${managed.length})`}>AWS managed policies</Header>}
            items={managed}
            wrapLines
            columnDefinitions={roomy([
              { id: "name", header: "Policy", cell: (p) => p.Name, isRowHeader: true },
              { id: "arn", header: "ARN", cell: (p) => p.Arn },
            ])}
            empty={<Box>None</Box>}
          />
          {inline && (
            <Container header={<Header variant="h2">Inline policy</Header>}>
              <pre className="af-code" tabIndex={0} aria-label="Inline policy">{pretty(inline)}</pre>
            </Container>
          )}
          <Table<string>
            header={<Header variant="h2" counter={`(${accounts.length})`}>Provisioned to</Header>}
            items={accounts}
            columnDefinitions={roomy([{ id: "id", header: "Account", cell: (a) => <Link href={href(`/identitycenter/accounts/${a}`)}>{a}</Link>, isRowHeader: true }])}
            empty={<Box>No account</Box>}
          />
        </SpaceBetween>
      )}
    </Shown>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
