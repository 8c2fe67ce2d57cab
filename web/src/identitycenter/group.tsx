import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import type { PageProps } from "../pages";
import { navigate } from "../router/history";
import { directory, emailOf, type Group, memberOf, type Membership, readUsers, type User } from "./read";
import { UserAssignments } from "./userassignments";

// GroupPage is a group: its members, and the accounts they may enter through it.
export function GroupPage({ params }: PageProps) {
  const { aws, href } = useHere();
  const id = params.id!;
  const [deleting, setDeleting] = useState(false);
  const [, act] = useAct();
  const read = useResource(`group/${id}`, async () => (await directory(aws)).ask<Group>("DescribeGroup", { GroupId: id }));
  const remove = async () => {
    setDeleting(false);
    if ((await act("delete the group", async () => (await directory(aws)).ask("DeleteGroup", { GroupId: id }))) === undefined) return;
    flash("success", "The group was deleted");
    navigate(href("/identitycenter/groups"));
  };
  return (
    <Shown of={read} what="read the group">
      {(g) => (
        <SpaceBetween size="l">
          <Header variant="h1" description={g.Description} actions={<Button onClick={() => setDeleting(true)}>Delete group</Button>}>
            {g.DisplayName}
          </Header>
          <Members groupId={id} />
          <UserAssignments userId={id} type="GROUP" />
          {deleting && <Confirm visible title="Delete the group?" action="Delete" typed={g.DisplayName} close={() => setDeleting(false)} go={() => void remove()} />}
        </SpaceBetween>
      )}
    </Shown>
  );
}

function Members({ groupId }: { groupId: string }) {
  const { aws, href } = useHere();
  const [adding, add] = useState(false);
  const [chosen, choose] = useState("");
  const [busy, act] = useAct();
  const read = useResource(`group/${groupId}/members`, async () => {
    const store = await directory(aws);
    const [users, memberships] = await Promise.all([readUsers(aws), store.all<Membership>("ListGroupMemberships", "GroupMemberships", { GroupId: groupId })]);
    return { users, memberships };
  });
  const change = async (what: string, done: string, work: () => Promise<unknown>) => {
    if ((await act(what, work)) !== undefined) flash("success", done);
    add(false);
    read.refresh();
  };
  return (
    <Shown of={read} what="read the members">
      {({ users, memberships }) => {
        const named = (id: string): User | undefined => users.find((u) => u.UserId === id);
        const options = users.filter((u) => !memberships.some((m) => memberOf(m) === u.UserId)).map((u) => ({ value: u.UserId, label: u.UserName, description: emailOf(u) }));
        return (
          <>
            <Table<Membership>
              header={<Header variant="h2" counter={`(${memberships.length})`} actions={<Button onClick={() => add(true)} disabled={options.length === 0}>Add member</Button>}>Members</Header>}
              items={memberships}
              wrapLines
              columnDefinitions={roomy([
                { id: "name", header: "User", cell: (m) => <Link href={href(`/identitycenter/users/${memberOf(m)}`)}>{named(memberOf(m))?.UserName ?? memberOf(m)}</Link>, isRowHeader: true },
                { id: "email", header: "E-mail", cell: (m) => { const u = named(memberOf(m)); return u ? emailOf(u) : "-"; } },
                {
                  id: "out",
                  header: "Change",
                  cell: (m) => (
                    <Button variant="inline-link" ariaLabel={`Remove ${named(memberOf(m))?.UserName ?? "member"}`} onClick={() => void change("remove the member", "The member was removed", async () => (await directory(aws)).ask("DeleteGroupMembership", { MembershipId: m.MembershipId }))}>
                      Remove
                    </Button>
                  ),
                },
              ])}
              empty={<Box>Nobody is in the group.</Box>}
            />
            {adding && (
              <Confirm visible title="Add member" action="Add" able={chosen !== ""} busy={busy} close={() => add(false)} go={() => void change("add the member", "The member was added", async () => (await directory(aws)).ask("CreateGroupMembership", { GroupId: groupId, MemberId: { UserId: chosen } }))}>
                <Select ariaLabel="User" selectedOption={options.find((o) => o.value === chosen) ?? null} options={options} onChange={({ detail }) => choose(detail.selectedOption.value ?? "")} placeholder="Choose a user" filteringType={options.length > 10 ? "auto" : "none"} filteringAriaLabel="Search users" virtualScroll={options.length > 100} />
              </Confirm>
            )}
          </>
        );
      }}
    </Shown>
  );
}
