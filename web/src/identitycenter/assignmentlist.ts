import type { AWS } from "../api/aws";
import { type Assignment, emailOf, readGroups, readInstance, readPermissionSets, readUsers } from "./read";

// AssignmentRow is an assignment with the names that people know.
export interface AssignmentRow extends Assignment {
  principal: string; // for reading
  name: string; // a group's name or a user's e-mail, as the factory takes them
  set: string;
}

// readAssignments gives who may enter an account, with which permission sets.
export async function readAssignments(aws: AWS, account: string): Promise<AssignmentRow[]> {
  const { InstanceArn } = await readInstance(aws);
  const [sets, users, groups, provisioned] = await Promise.all([
    readPermissionSets(aws),
    readUsers(aws),
    readGroups(aws),
    aws.all<string>("sso-admin", "ListPermissionSetsProvisionedToAccount", "PermissionSets", { InstanceArn, AccountId: account }),
  ]);
  const lists = await Promise.all(provisioned.map((PermissionSetArn) => aws.all<Assignment>("sso-admin", "ListAccountAssignments", "AccountAssignments", { InstanceArn, AccountId: account, PermissionSetArn })));
  const names = new Map([...users.map((u) => [u.UserId, { principal: `${u.UserName} (${emailOf(u)})`, name: emailOf(u) }] as const), ...groups.map((g) => [g.GroupId, { principal: g.DisplayName, name: g.DisplayName }] as const)]);
  return lists.flat().map((a) => ({
    ...a,
    ...(names.get(a.PrincipalId) ?? { principal: a.PrincipalId, name: a.PrincipalId }),
    set: sets.find((s) => s.PermissionSetArn === a.PermissionSetArn)?.Name ?? a.PermissionSetArn,
  }));
}
