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
import { directory, emailOf, readUsers, type User } from "./read";

// Users lists the people of the directory.
export function Users() {
  const { aws, href } = useHere();
  const [adding, add] = useState(false);
  const list = useResource("users", () => readUsers(aws));
  return (
    <>
      <List<User>
        of={list}
        what="read the users"
        title="Users"
        track={(u) => u.UserId}
        actions={<Button variant="primary" onClick={() => add(true)}>Add user</Button>}
        columns={[
          { id: "name", header: "User name", cell: (u) => <Link href={href(`/identitycenter/users/${u.UserId}`)}>{u.UserName}</Link>, sortingField: "UserName", isRowHeader: true },
          { id: "display", header: "Display name", cell: (u) => u.DisplayName || "-", sortingField: "DisplayName" },
          { id: "email", header: "E-mail", cell: (u) => emailOf(u) || "-" },
        ]}
        empty="The directory has no users."
      />
      {adding && <AddUser close={() => add(false)} done={list.refresh} />}
    </>
  );
}

const empty = { user: "", given: "", family: "", email: "" };

function AddUser({ close, done }: { close: () => void; done: () => void }) {
  const { aws, twin, session } = useHere();
  const [draft, setDraft] = useState(empty);
  const [busy, undone, act] = useDialogAct();
  const field = (name: keyof typeof empty, label: string, type: "text" | "email" = "text") => (
    <FormField label={label}>
      <Input value={draft[name]} type={type} onChange={({ detail }) => setDraft({ ...draft, [name]: detail.value })} autoComplete={false} />
    </FormField>
  );
  const make = async () => {
    const store = await directory(aws);
    const { UserId } = await store.ask<{ UserId: string }>("CreateUser", {
      UserName: draft.user,
      DisplayName: `${draft.given} ${draft.family}`,
      Name: { GivenName: draft.given, FamilyName: draft.family },
      Emails: [{ Value: draft.email, Type: "work", Primary: true }],
    });
    // AWS's API creates users without a password; its console invites them, which only the twin lets us do.
    if (session.cloud !== "twin") return "Send the password from AWS's console.";
    return twin.send("POST", `admin/users/${UserId}/invite`).then(
      () => `An invitation went to ${draft.email}.`,
      (error: Error) => `The invitation could not be sent: ${error.message} Send another on the user's page.`,
    );
  };
  const go = async () => {
    const next = await act("add the user", make);
    if (!next) return;
    flash("success", `${draft.user} was added`, { content: next });
    close();
    done();
  };
  return (
    <Confirm visible title="Add user" action="Add user" able={Object.values(draft).every((v) => v.trim())} busy={busy} undone={undone} close={close} go={() => void go()}>
      {field("user", "User name")}
      {field("email", "E-mail", "email")}
      {field("given", "First name")}
      {field("family", "Last name")}
    </Confirm>
  );
}
