import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import type { PageProps } from "../pages";
import { Assign } from "./assign";
import { assignmentDone } from "./assignmentcall";
import { type Assignment, emailOf, readGroups, readInstance, readPermissionSets, readUsers } from "./read";

export interface Row extends Assignment {
  principal: string;
  set: string;
}

// Assignments is who may enter one account, with which permission sets.
export function Assignments({ params }: PageProps) {
  const { aws } = useHere();
  const account = params.id!;
  const [adding, add] = useState(false);
  const [removing, remove] = useState<Row>();
  const [busy, act] = useAct();
  const list = useResource(`assignments/${account}`, async (): Promise<Row[]> => {
    const { InstanceArn } = await readInstance(aws);
    const [sets, users, groups, provisioned] = await Promise.all([
      readPermissionSets(aws),
      readUsers(aws),
      readGroups(aws),
      aws.all<string>("sso-admin", "ListPermissionSetsProvisionedToAccount", "PermissionSets", { InstanceArn, AccountId: account }),
    ]);
    const rows = await Promise.all(provisioned.map((PermissionSetArn) => aws.all<Assignment>("sso-admin", "ListAccountAssignments", "AccountAssignments", { InstanceArn, AccountId: account, PermissionSetArn })));
    const names = new Map([...users.map((u): [string, string] => [u.UserId, `${u.UserName} (${emailOf(u)})`]), ...groups.map((g): [string, string] => [g.GroupId, g.DisplayName])]);
    return rows.flat().map((a) => ({ ...a, principal: names.get(a.PrincipalId) ?? a.PrincipalId, set: sets.find((s) => s.PermissionSetArn === a.PermissionSetArn)?.Name ?? a.PermissionSetArn }));
  });
  const takeAway = async (r: Row) => {
    const done = await act("remove the assignment", () => assignmentDone(aws, "Deletion", { AccountId: account, PermissionSetArn: r.PermissionSetArn, PrincipalId: r.PrincipalId, PrincipalType: r.PrincipalType }));
    if (done) flash("success", `${r.principal} lost ${r.set}`);
    remove(undefined);
    list.refresh();
  };
  return (
    <>
      <List<Row>
        of={list}
        what="read the assignments"
        title={`Assignments of ${account}`}
        description="Who may enter the account, as what"
        track={(r) => r.PrincipalId + r.PermissionSetArn}
        actions={<Button variant="primary" onClick={() => add(true)}>Assign</Button>}
        columns={[
          { id: "who", header: "Who", cell: (r) => r.principal, sortingField: "principal", isRowHeader: true },
          { id: "type", header: "Type", cell: (r) => r.PrincipalType.toLowerCase(), sortingField: "PrincipalType" },
          { id: "set", header: "Permission set", cell: (r) => r.set, sortingField: "set" },
          { id: "out", header: "Change", cell: (r) => <Button variant="inline-link" ariaLabel={`Remove ${r.set} of ${r.principal}`} onClick={() => remove(r)}>Remove</Button> },
        ]}
        empty="Nobody may enter this account."
      />
      {adding && <Assign account={account} close={() => add(false)} done={list.refresh} />}
      {removing && (
        <Confirm visible title="Remove the assignment?" action="Remove" busy={busy} close={() => remove(undefined)} go={() => void takeAway(removing)}>
          {removing.principal} will not enter account {account} as {removing.set} any more.
        </Confirm>
      )}
    </>
  );
}
