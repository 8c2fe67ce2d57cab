import { useRef, useState } from "react";
import type { Input } from "../api/factory";
import { ApiError, type Check, LostError } from "../api/error";
import { navigate } from "../router/history";
import { flash } from "./flash";
import { useHere } from "./place";

export interface Submission {
  busy: boolean;
  failed: Check[]; // of the last try
  error: Error | undefined;
  submit: (input: Input, done?: () => void) => Promise<void>;
}

// useSubmit asks the factory for something and goes to the request's page. The same submission sent again, because the answer was
// lost, is the same request: its key stays until the input changes.
export function useSubmit(): Submission {
  const { factory, href } = useHere();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const key = useRef({ of: "", key: "" });
  const submit = async (input: Input, done?: () => void) => {
    const text = JSON.stringify(input);
    if (key.current.of !== text) key.current = { of: text, key: crypto.randomUUID() };
    setBusy(true);
    setError(undefined);
    try {
      const request = await factory.submit(input, key.current.key);
      done?.();
      const page = href(`/factory/requests/${request.id}`);
      flash("success", "The request is in the queue", { content: "It goes on whether or not this page is open.", on: page.split("?")[0] });
      navigate(page);
    } catch (e) {
      setError(e as Error);
      if (e instanceof LostError) flash("warning", "No answer came", { content: "Submit again once the server is back: it is the same request, not a second one." });
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, failed: error instanceof ApiError ? error.checks.filter((c) => c.result === "failed") : [], submit };
}
