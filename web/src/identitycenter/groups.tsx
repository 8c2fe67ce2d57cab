import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Link from "@cloudscape-design/components/link";
import { useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { directory, type Group, readGroups } from "./read";

// Groups lists the groups of the directory.
export function Groups() {
  const { aws, href } = useHere();
  const [adding, add] = useState(false);
  const list = useResource("groups", () => readGroups(aws));
  return (
    <>
      <List<Group>
        of={list}
        what="read the groups"
        title="Groups"
        track={(g) => g.GroupId}
        actions={<Button variant="primary" onClick={() => add(true)}>Create group</Button>}
        columns={[
          { id: "name", header: "Group name", cell: (g) => <Link href={href(`/identitycenter/groups/${g.GroupId}`)}>{g.DisplayName}</Link>, sortingField: "DisplayName", isRowHeader: true },
          { id: "about", header: "Description", cell: (g) => g.Description || "-" },
        ]}
        empty="The directory has no groups."
      />
      {adding && <AddGroup close={() => add(false)} done={list.refresh} />}
    </>
  );
}

function AddGroup({ close, done }: { close: () => void; done: () => void }) {
  const { aws } = useHere();
  const [name, setName] = useState("");
  const [about, setAbout] = useState("");
  const [busy, undone, act] = useDialogAct();
  const go = async () => {
    const made = await act("create the group", async () => (await directory(aws)).ask("CreateGroup", { DisplayName: name.trim(), ...(about ? { Description: about } : {}) }));
    if (!made) return;
    flash("success", `The group ${name.trim()} was created`);
    close();
    done();
  };
  return (
    <Confirm visible title="Create group" action="Create group" able={name.trim() !== ""} busy={busy} undone={undone} close={close} go={() => void go()}>
      <FormField label="Group name">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoComplete={false} />
      </FormField>
      <FormField label={<>Description <i>- optional</i></>}>
        <Input value={about} onChange={({ detail }) => setAbout(detail.value)} autoComplete={false} />
      </FormField>
    </Confirm>
  );
}
