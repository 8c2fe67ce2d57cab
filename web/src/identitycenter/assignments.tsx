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
import { type AssignmentRow, readAssignments } from "./assignmentlist";

// Assignments is who may enter one account, with which permission sets.
export function Assignments({ params }: PageProps) {
  const { aws } = useHere();
  const account = params.id!;
  const [adding, add] = useState(false);
  const [removing, remove] = useState<AssignmentRow>();
  const [busy, act] = useAct();
  const list = useResource(`assignments/${account}`, () => readAssignments(aws, account));
  const takeAway = async (r: AssignmentRow) => {
    const done = await act("remove the assignment", () => assignmentDone(aws, "Deletion", { AccountId: account, PermissionSetArn: r.PermissionSetArn, PrincipalId: r.PrincipalId, PrincipalType: r.PrincipalType }));
    if (done) flash("success", `${r.principal} lost ${r.set}`);
    remove(undefined);
    list.refresh();
  };
  return (
    <>
      <List<AssignmentRow>
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
