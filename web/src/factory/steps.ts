import type { Kind, Request, State } from "../api/factory";

// The steps of all kinds as people read them. The factory never renames a step; one that is not here shows by its name.
const words: Record<string, string> = {
  check: "Check the request against the organization",
  "user-there": "Wait until the identity provider has brought the SSO user",
  turn: "Wait for AWS to have room",
  provision: "Launch the product",
  follow: "Follow AWS until the account is made",
  clear: "Clear away what AWS turned down",
  verify: "See the account as it was asked for",
  send: "Update the product",
  terminate: "Take the account out of Control Tower",
  access: "Change who may enter",
  close: "Close the account",
  rename: "Rename the account",
  tag: "Tag the account",
  contact: "Set the contacts",
  "email-start": "Ask AWS to change the e-mail",
  "email-code": "Take the code that AWS mailed",
  "email-follow": "Follow AWS until the e-mail is changed",
  create: "Create the account",
  move: "Move it to its organizational unit",
  "execution-role": "See that the execution role can be assumed",
  "permission-set": "See that the administrators' permission set is there",
  "sso-user": "Find or make the SSO user",
  mark: "Tag the account as ours",
  release: "Let the account go",
};

export const stepText = (step: string) => words[step] ?? step.charAt(0).toUpperCase() + step.slice(1).replaceAll("-", " ");

export type StepState = "done" | "now" | "waiting" | "failed" | "later";

// stepsOf gives the steps of a request with where each stands. One that was seen and is none of those that it takes, such as clearing
// away, comes after the one seen before it.
export function stepsOf(r: Request): { step: string; state: StepState }[] {
  const all = [...(r.steps ?? [])];
  let before = -1;
  for (const step of [...(r.timeline ?? []).map((e) => e.step), r.step]) {
    if (!all.includes(step)) all.splice(before + 1, 0, step);
    before = all.indexOf(step);
  }
  const at = all.indexOf(r.step);
  return all.map((step, i) => ({ step, state: i < at ? "done" : i > at ? "later" : present(r.state) }));
}

function present(state: State): StepState {
  switch (state) {
    case "succeeded":
      return "done";
    case "failed":
    case "needs-decision":
      return "failed";
    case "waiting":
    case "waiting-for-person":
      return "waiting";
    case "cancelled":
      return "later";
    case "running":
      return "now";
  }
}

export const kindText: Record<Kind, string> = {
  launch: "Launch",
  enroll: "Enroll",
  update: "Update",
  access: "Access",
  unmanage: "Unmanage",
  close: "Close",
  repair: "Repair",
};
