import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { directory, type Group, type Membership, readGroups } from "./read";

// UserGroups are the groups a user is in.
export function UserGroups({ userId }: { userId: string }) {
  const { aws, href } = useHere();
  const [chosen, choose] = useState("");
  const [adding, add] = useState(false);
  const [busy, act] = useAct();
  const read = useResource(`user/${userId}/groups`, async () => {
    const store = await directory(aws);
    const [groups, memberships] = await Promise.all([readGroups(aws), store.all<Membership>("ListGroupMembershipsForMember", "GroupMemberships", { MemberId: { UserId: userId } })]);
    return { groups, memberships };
  });
  const change = async (what: string, done: string, work: () => Promise<unknown>) => {
    if ((await act(what, work)) !== undefined) flash("success", done);
    add(false);
    read.refresh();
  };
  return (
    <Shown of={read} what="read the user's groups">
      {({ groups, memberships }) => {
        const named = (id: string) => groups.find((g) => g.GroupId === id)?.DisplayName ?? id;
        const free = groups.filter((g) => !memberships.some((m) => m.GroupId === g.GroupId));
        return (
          <>
            <Table<Membership>
              header={<Header variant="h2" counter={`(${memberships.length})`} actions={<Button onClick={() => add(true)} disabled={free.length === 0}>Add to a group</Button>}>Groups</Header>}
              items={memberships}
              wrapLines
              columnDefinitions={roomy([
                { id: "name", header: "Group", cell: (m) => <Link href={href(`/identitycenter/groups/${m.GroupId}`)}>{named(m.GroupId)}</Link>, isRowHeader: true },
                {
                  id: "out",
                  header: "Change",
                  cell: (m) => (
                    <Button variant="inline-link" ariaLabel={`Remove from ${named(m.GroupId)}`} onClick={() => void change("remove from the group", `Removed from ${named(m.GroupId)}`, async () => (await directory(aws)).ask("DeleteGroupMembership", { MembershipId: m.MembershipId }))}>
                      Remove
                    </Button>
                  ),
                },
              ])}
              empty={<Box>In no group.</Box>}
            />
            {adding && (
              <Confirm visible title="Add to a group" action="Add" able={chosen !== ""} busy={busy} close={() => add(false)} go={() => void change("add to the group", `Added to ${named(chosen)}`, async () => (await directory(aws)).ask("CreateGroupMembership", { GroupId: chosen, MemberId: { UserId: userId } }))}>
                <GroupChoice groups={free} chosen={chosen} choose={choose} />
              </Confirm>
            )}
          </>
        );
      }}
    </Shown>
  );
}

function GroupChoice({ groups, chosen, choose }: { groups: Group[]; chosen: string; choose: (id: string) => void }) {
  const options = groups.map((g) => ({ value: g.GroupId, label: g.DisplayName, description: g.Description }));
  return (
    <Select
      ariaLabel="Group"
      selectedOption={options.find((o) => o.value === chosen) ?? null}
      options={options}
      onChange={({ detail }) => choose(detail.selectedOption.value ?? "")}
      placeholder="Choose a group"
      filteringType={options.length > 10 ? "auto" : "none"}
      filteringAriaLabel="Search groups"
    />
  );
}
