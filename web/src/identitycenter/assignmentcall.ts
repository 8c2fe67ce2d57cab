import type { AWS } from "../api/aws";
import { readInstance } from "./read";

interface Status {
  Status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  FailureReason?: string;
  RequestId: string;
}

const askEvery = 700;

// assignmentDone makes or removes an assignment and waits until Identity Center has done it. It throws what went wrong.
export async function assignmentDone(aws: AWS, what: "Creation" | "Deletion", assignment: object): Promise<true> {
  const { InstanceArn } = await readInstance(aws);
  const member = `AccountAssignment${what}Status`;
  const input = { InstanceArn, TargetType: "AWS_ACCOUNT", ...rename(assignment) };
  const begun = await aws.ask<Record<string, Status>>("sso-admin", what === "Creation" ? "CreateAccountAssignment" : "DeleteAccountAssignment", input);
  let status = begun[member]!;
  while (status.Status === "IN_PROGRESS") {
    await new Promise((resolve) => setTimeout(resolve, askEvery));
    const asked = await aws.ask<Record<string, Status>>("sso-admin", `DescribeAccountAssignment${what}Status`, { InstanceArn, [`AccountAssignment${what}RequestId`]: status.RequestId });
    status = asked[member]!;
  }
  if (status.Status === "FAILED") throw new Error(status.FailureReason ?? "Identity Center gave no reason.");
  return true;
}

// An assignment that is read names its account otherwise than one that is made.
function rename(assignment: object): object {
  const { AccountId, ...rest } = assignment as { AccountId: string };
  return { ...rest, TargetId: AccountId };
}
