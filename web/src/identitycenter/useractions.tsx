import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { Copied } from "../common/copy";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { navigate } from "../router/history";
import { directory, emailOf, type User } from "./read";
import type { Standing } from "./user";

interface Props {
  user: User;
  standing: Standing | undefined;
  refresh: () => void;
}

// UserActions is what administrators do about a user: invite, reset the password, disable, sign out, remove a device, delete.
export function UserActions({ user, standing, refresh }: Props) {
  const { aws, twin, href } = useHere();
  const [, act] = useAct();
  const [password, setPassword] = useState("");
  const [deleting, setDeleting] = useState(false);
  const base = `admin/users/${user.UserId}/`;
  const mail = emailOf(user);
  const send = async (what: string, path: string, done: string, body?: object) => {
    const answer = await act(what, () => twin.send<{ password?: string }>("POST", base + path, body));
    if (answer?.password) setPassword(answer.password);
    else if (answer) flash("success", done);
    refresh();
  };
  const removeDevice = async (id: string) => {
    if (await act("remove the device", () => twin.send("DELETE", base + "mfa/" + id))) flash("success", "The device was removed");
    refresh();
  };
  const remove = async () => {
    setDeleting(false);
    const gone = await act("delete the user", async () => (await directory(aws)).ask("DeleteUser", { UserId: user.UserId }));
    if (gone === undefined) return;
    flash("success", `${user.UserName} was deleted`);
    navigate(href("/identitycenter/users"));
  };
  const on: Record<string, () => void> = {
    invite: () => void send("invite the user", "invite", `An invitation went to ${mail}`),
    mail: () => void send("reset the password", "reset-password", `A link to choose a password went to ${mail}`, { method: "mail" }),
    once: () => void send("reset the password", "reset-password", "", { method: "one-time-password" }),
    disable: () => void send("disable the user", "disable", "The user is disabled and signed out"),
    enable: () => void send("enable the user", "enable", "The user is enabled"),
    signout: () => void send("sign the user out", "sign-out", "All sessions of the user ended"),
    delete: () => setDeleting(true),
  };
  return (
    <>
      <ButtonDropdown
        items={[
          { id: "invite", text: "Send invitation", disabled: !mail },
          { id: "mail", text: "Reset password by mail", disabled: !mail },
          { id: "once", text: "Make a one-time password" },
          standing?.disabled ? { id: "enable", text: "Enable" } : { id: "disable", text: "Disable" },
          { id: "signout", text: "End all sessions" },
          ...(standing?.mfa ?? []).map((d) => ({ id: "mfa/" + d.id, text: `Remove MFA device ${d.name}` })),
          { id: "delete", text: "Delete user" },
        ]}
        onItemClick={({ detail }) => (detail.id.startsWith("mfa/") ? void removeDevice(detail.id.slice(4)) : on[detail.id]?.())}
      >
        Actions
      </ButtonDropdown>
      <Confirm visible={password !== ""} title={`One-time password of ${user.UserName}`} action="Done" close={() => setPassword("")} go={() => setPassword("")}>
        <Box>It is shown once. Whoever signs in with it chooses a password.</Box>
        <Copied text={password} what="one-time password" />
      </Confirm>
      {deleting && <Confirm visible title="Delete the user?" action="Delete" typed={user.UserName} close={() => setDeleting(false)} go={() => void remove()} />}
    </>
  );
}
