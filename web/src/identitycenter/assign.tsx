import { useState } from "react";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { assignmentDone } from "./assignmentcall";
import { emailOf, readGroups, readPermissionSets, readUsers } from "./read";

interface Props {
  account: string;
  close: () => void;
  done: () => void;
}

// Assign lets a group or a user into an account with a permission set.
export function Assign({ account, close, done }: Props) {
  const { aws } = useHere();
  const [who, setWho] = useState("");
  const [set, setSet] = useState("");
  const [busy, undone, act] = useDialogAct();
  const read = useResource("assign", async () => {
    const [sets, users, groups] = await Promise.all([readPermissionSets(aws), readUsers(aws), readGroups(aws)]);
    return {
      sets: sets.map((s) => ({ value: s.PermissionSetArn, label: s.Name, description: s.Description })),
      groups: groups.map((g) => ({ value: `GROUP/${g.GroupId}`, label: g.DisplayName, description: g.Description })),
      users: users.map((u) => ({ value: `USER/${u.UserId}`, label: u.UserName, description: emailOf(u) })),
    };
  });
  const go = async () => {
    const [PrincipalType, PrincipalId] = who.split("/");
    const made = await act("assign", () => assignmentDone(aws, "Creation", { AccountId: account, PermissionSetArn: set, PrincipalType, PrincipalId }));
    if (!made) return;
    flash("success", "The assignment is in force");
    close();
    done();
  };
  return (
    <Confirm visible title={`Assign access to ${account}`} action="Assign" able={who !== "" && set !== ""} busy={busy} undone={undone} close={close} go={() => void go()}>
      <Shown of={read} what="read groups, users and permission sets">
        {({ sets, groups, users }) => (
          <>
            <FormField label="Group or user">
              <Select
                selectedOption={[...groups, ...users].find((o) => o.value === who) ?? null}
                options={[
                  { label: "Groups", options: groups },
                  { label: "Users", options: users },
                ]}
                onChange={({ detail }) => setWho(detail.selectedOption.value ?? "")}
                placeholder="Choose who"
                filteringType="auto"
                filteringAriaLabel="Search groups and users"
              />
            </FormField>
            <FormField label="Permission set">
              <Select selectedOption={sets.find((o) => o.value === set) ?? null} options={sets} onChange={({ detail }) => setSet(detail.selectedOption.value ?? "")} placeholder="Choose a permission set" />
            </FormField>
          </>
        )}
      </Shown>
    </Confirm>
  );
}
