import type { AWS } from "../api/aws";

// What the directory and Identity Center answer, as far as the pages show it.

export interface Instance {
  InstanceArn: string;
  IdentityStoreId: string;
}

export interface User {
  UserId: string;
  UserName: string;
  DisplayName?: string;
  Name?: { GivenName?: string; FamilyName?: string };
  Emails?: { Value: string; Primary?: boolean }[] | null;
}

export interface Group {
  GroupId: string;
  DisplayName: string;
  Description?: string;
}

export interface Membership {
  MembershipId: string;
  GroupId: string;
  MemberId?: { UserId?: string };
}

export interface PermissionSet {
  PermissionSetArn: string;
  Name: string;
  Description?: string;
  SessionDuration?: string;
  CreatedDate?: string;
}

export interface Assignment {
  AccountId: string;
  PermissionSetArn: string;
  PrincipalId: string;
  PrincipalType: "USER" | "GROUP";
}

export async function readInstance(aws: AWS): Promise<Instance> {
  const [found] = await aws.all<Instance>("sso-admin", "ListInstances", "Instances");
  if (!found) throw new Error("There is no IAM Identity Center instance in this Region.");
  return found;
}

// directory gives the identity store with the calls that need its id.
export async function directory(aws: AWS) {
  const { IdentityStoreId } = await readInstance(aws);
  return {
    all: <T>(operation: string, member: string, input: object = {}) => aws.all<T>("identitystore", operation, member, { IdentityStoreId, ...input }),
    ask: <T>(operation: string, input: object = {}) => aws.ask<T>("identitystore", operation, { IdentityStoreId, ...input }),
  };
}

export const readUsers = async (aws: AWS) => (await directory(aws)).all<User>("ListUsers", "Users");
export const readGroups = async (aws: AWS) => (await directory(aws)).all<Group>("ListGroups", "Groups");

export async function readPermissionSets(aws: AWS): Promise<PermissionSet[]> {
  const { InstanceArn } = await readInstance(aws);
  const arns = await aws.all<string>("sso-admin", "ListPermissionSets", "PermissionSets", { InstanceArn });
  const sets = await Promise.all(arns.map((PermissionSetArn) => aws.ask<{ PermissionSet: PermissionSet }>("sso-admin", "DescribePermissionSet", { InstanceArn, PermissionSetArn })));
  return sets.map((s) => s.PermissionSet).sort((a, b) => a.Name.localeCompare(b.Name));
}

export const emailOf = (u: User) => (u.Emails?.find((e) => e.Primary) ?? u.Emails?.[0])?.Value ?? "";
export const memberOf = (m: Membership) => m.MemberId?.UserId ?? "";
export const setId = (arn: string) => arn.split("/").at(-1)!;
export const setArn = (instance: Instance, id: string) => `arn:aws:sso:::permissionSet/${instance.InstanceArn.split("/").at(-1)}/${id}`;
