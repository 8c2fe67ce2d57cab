import { useState } from "react";
import { ApiError } from "../api/error";
import { flash } from "./flash";

// Undone is something that could not be done.
export interface Undone {
  what: string;
  error: Error;
}

// useAct runs something that changes the world, one at a time, and tells in the frame when it is refused. It resolves to what the
// work gave, undefined when it failed.
export function useAct(): [busy: boolean, act: <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>] {
  const [busy, , act] = useTold(tell);
  return [busy, act];
}

// useDialogAct is useAct for a dialog that stays open with what was typed: what went wrong is told in it, as it covers the frame.
export function useDialogAct(): [busy: boolean, undone: Undone | undefined, act: <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>] {
  return useTold();
}

function useTold(told?: (u: Undone) => void) {
  const [busy, setBusy] = useState(false);
  const [undone, setUndone] = useState<Undone>();
  const act = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    setUndone(undefined);
    try {
      return await work();
    } catch (error) {
      const now = { what, error: error as Error };
      setUndone(now);
      told?.(now);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return [busy, undone, act] as [typeof busy, typeof undone, typeof act];
}

function tell({ what, error }: Undone): void {
  const code = error instanceof ApiError ? ` (${error.code})` : "";
  flash("error", `Could not ${what}`, { content: error.message + code });
}
