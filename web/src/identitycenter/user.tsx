import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import type { PageProps } from "../pages";
import { directory, emailOf, type User } from "./read";
import { UserActions } from "./useractions";
import { UserAssignments } from "./userassignments";
import { UserGroups } from "./usergroups";

// Standing is what only the twin's administration says of a user.
export interface Standing {
  disabled: boolean;
  password: boolean;
  mfa: { id: string; kind: string; name: string }[];
  sessions: number;
}

// UserPage is one person: how they sign in, their groups, and the accounts they may enter.
export function UserPage({ params }: PageProps) {
  const { aws, twin, session } = useHere();
  const id = params.id!;
  const read = useResource(`user/${id}`, async () => (await directory(aws)).ask<User>("DescribeUser", { UserId: id }));
  const standing = useResource(`user/${id}/standing`, () => (session.cloud === "twin" ? twin.get<Standing>(`admin/users/${encodeURIComponent(id)}`) : Promise.resolve(null)));
  return (
    <Shown of={read} what="read the user">
      {(u) => (
        <SpaceBetween size="l">
          <Header variant="h1" description={u.DisplayName} actions={session.cloud === "twin" && <UserActions user={u} standing={standing.data ?? undefined} refresh={standing.refresh} />}>
            {u.UserName}
          </Header>
          <Container header={<Header variant="h2">Details</Header>}>
            <Facts
              columns={3}
              items={[
                { label: "First name", value: u.Name?.GivenName ?? "-" },
                { label: "Last name", value: u.Name?.FamilyName ?? "-" },
                { label: "E-mail", value: emailOf(u) || "-" },
                { label: "User ID", value: <Copied text={u.UserId} what="user id" /> },
              ]}
            />
          </Container>
          {session.cloud === "twin" && (
            <Container header={<Header variant="h2">Sign-in</Header>}>
              <Shown of={standing} what="read how the user signs in">{(s) => s && <SignIn s={s} />}</Shown>
            </Container>
          )}
          <UserGroups userId={id} />
          <UserAssignments userId={id} />
        </SpaceBetween>
      )}
    </Shown>
  );
}

function SignIn({ s }: { s: Standing }) {
  return (
    <Facts
      columns={4}
      items={[
        { label: "Status", value: <StatusIndicator type={s.disabled ? "stopped" : "success"}>{s.disabled ? "Disabled" : "Enabled"}</StatusIndicator> },
        { label: "Password", value: s.password ? "set" : "none yet: invited" },
        { label: "MFA devices", value: s.mfa.length ? s.mfa.map((d) => `${d.name} (${d.kind})`).join(", ") : "none" },
        { label: "Sessions", value: s.sessions },
      ]}
    />
  );
}
