import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { type Assignment, readInstance, readPermissionSets } from "./read";

// UserAssignments are the accounts a person may enter, by themselves or through a group.
export function UserAssignments({ userId, type = "USER" }: { userId: string; type?: "USER" | "GROUP" }) {
  const { aws, href } = useHere();
  const read = useResource(`assignments/${type}/${userId}`, async () => {
    const { InstanceArn } = await readInstance(aws);
    const [rows, sets] = await Promise.all([
      aws.all<Assignment>("sso-admin", "ListAccountAssignmentsForPrincipal", "AccountAssignments", { InstanceArn, PrincipalId: userId, PrincipalType: type }),
      readPermissionSets(aws),
    ]);
    const names = new Map(sets.map((s) => [s.PermissionSetArn, s.Name]));
    return rows.map((r) => ({ ...r, set: names.get(r.PermissionSetArn) ?? r.PermissionSetArn }));
  });
  return (
    <Shown of={read} what="read the assignments">
      {(rows) => (
        <Table<Assignment & { set: string }>
          header={<Header variant="h2" counter={`(${rows.length})`}>AWS accounts</Header>}
          items={rows}
          wrapLines
          columnDefinitions={roomy([
            { id: "account", header: "Account", cell: (r) => <Link href={href(`/identitycenter/accounts/${r.AccountId}`)}>{r.AccountId}</Link>, isRowHeader: true },
            { id: "set", header: "Permission set", cell: (r) => r.set },
            { id: "by", header: "Through", cell: (r) => (type === "GROUP" ? "this group" : r.PrincipalType === "GROUP" ? "a group" : "the user") },
          ])}
          empty={<Box>May enter no account.</Box>}
        />
      )}
    </Shown>
  );
}
