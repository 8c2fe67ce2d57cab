import { useEffect, useState } from "react";
import type { Input, Parameters, Plan } from "../api/factory";
import type { Check } from "../api/error";
import { useHere } from "../common/place";

// Which field of the form a check is about; the others are about the whole.
const fields: Record<string, keyof Parameters> = {
  "account-email": "accountEmail",
  "account-email-free": "accountEmail",
  "open-request": "accountEmail",
  "account-name": "name",
  "product-name-free": "name",
  "organizational-unit": "ou",
  "sso-user": "ssoUserEmail",
};

export interface Checks {
  plan: Plan | undefined;
  error: Error | undefined;
  pending: boolean;
}

const quiet = 350; // milliseconds without typing

// useChecks checks what is typed, once the typing pauses. Only the last answer counts.
export function useChecks(input: Input): Checks {
  const { factory } = useHere();
  const [state, setState] = useState<Checks>({ plan: undefined, error: undefined, pending: true });
  const text = JSON.stringify(input);
  useEffect(() => {
    const stop = new AbortController();
    setState((s) => ({ ...s, pending: true }));
    const timer = setTimeout(() => {
      factory.check(JSON.parse(text) as Input, stop.signal).then(
        (plan) => setState({ plan, error: undefined, pending: false }),
        (error: Error) => !stop.signal.aborted && setState((s) => ({ plan: s.plan, error, pending: false })),
      );
    }, quiet);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [factory, text]);
  return state;
}

// checksOf gives the checks about one field.
export function checksOf(checks: Checks, field: keyof Parameters): Check[] {
  return (checks.plan?.checks ?? []).filter((c) => fields[c.name] === field);
}

// general gives the failed checks that are about no field, apart from what is not filled in yet.
export function general(checks: Checks): Check[] {
  return (checks.plan?.checks ?? []).filter((c) => c.result === "failed" && !fields[c.name] && c.name !== "parameters");
}

export const sentence = (c: Check) => c.seen.charAt(0).toUpperCase() + c.seen.slice(1) + (c.remedy ? `: ${c.remedy}.` : ".");
