import { useEffect, useState } from "react";
import type { Input, Parameters, Plan } from "../api/factory";
import type { Check } from "../api/error";
import { useHere } from "../common/place";

// Field is what a check can be about.
export type Field = keyof Parameters | "newName" | "newEmail" | "coolOff" | "tags" | "contacts" | "grant" | "fields";

// Which field of the form a check is about; the others are about the whole.
const fields: Record<string, Field> = {
  "account-email": "accountEmail",
  "account-email-free": "accountEmail",
  "open-request": "accountEmail",
  "account-name": "name",
  "product-name-free": "name",
  "organizational-unit": "ou",
  "sso-user": "ssoUserEmail",
  "identity-source": "ssoUserEmail",
  "new-name": "newName",
  "new-email": "newEmail",
  "cool-off": "coolOff",
  tags: "tags",
  "alternate-contacts": "contacts",
  access: "grant",
  "custom-fields": "fields",
};

export interface Checks {
  plan: Plan | undefined;
  error: Error | undefined;
  pending: boolean;
  again: () => void; // what is checked has changed elsewhere
}

const quiet = 350; // milliseconds without typing

// answer is what the checks of one input came to.
interface Answer {
  of: string;
  plan: Plan | undefined;
  error: Error | undefined;
}

// useChecks checks what is typed, once the typing pauses. Only the last answer counts: until it is there, from the very
// change on, the checks are pending.
export function useChecks(input: Input): Checks {
  const { factory } = useHere();
  const [answer, setAnswer] = useState<Answer>({ of: "", plan: undefined, error: undefined });
  const [turn, setTurn] = useState(0);
  const body = JSON.stringify(input);
  const text = `${turn} ${body}`;
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      factory.check(JSON.parse(body) as Input, stop.signal).then(
        (plan) => setAnswer({ of: text, plan, error: undefined }),
        (error: Error) => !stop.signal.aborted && setAnswer((a) => ({ of: text, plan: a.plan, error })),
      );
    }, quiet);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [factory, text, body]);
  const pending = answer.of !== text;
  return { plan: answer.plan, error: pending ? undefined : answer.error, pending, again: () => setTurn((n) => n + 1) };
}

// checksOf gives the checks about one field.
export function checksOf(checks: Checks, field: Field): Check[] {
  return (checks.plan?.checks ?? []).filter((c) => fields[c.name] === field);
}

// general gives the failed checks that are about no field, apart from what is not filled in yet.
export function general(checks: Checks): Check[] {
  return (checks.plan?.checks ?? []).filter((c) => c.result === "failed" && !fields[c.name] && c.name !== "parameters");
}

// Remedies name the command line's flags; a reader of a page has fields.
const flags: Record<string, string> = {
  "--name": "the account's name",
  "--email": "the account's e-mail",
  "--ou": "the organizational unit",
  "--sso-email": "the SSO user's e-mail",
  "--sso-first": "the first name",
  "--sso-last": "the last name",
  "--grant": "access to be given",
  "--revoke": "access to be taken away",
};

const inWords = (text: string) => text.replace(/--[a-z][a-z-]*/g, (flag) => flags[flag] ?? flag);

// begun gives a text its capital letter, where it begins with a word: addresses and names stay as they are.
const begun = (text: string) => (/^[a-z]+[ ,:]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);

// sentence writes a check as one: what was seen, and what helps.
export const sentence = (c: Check) => begun(c.seen) + (c.remedy ? `: ${inWords(c.remedy)}.` : ".");
