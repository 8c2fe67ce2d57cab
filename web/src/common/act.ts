import { useState } from "react";
import { ApiError } from "../api/error";
import { flash } from "./flash";

// useAct runs something that changes the world, one at a time, and tells in the frame when it is refused. It resolves to what the
// work gave, undefined when it failed.
export function useAct(): [busy: boolean, act: <T>(what: string, work: () => Promise<T>) => Promise<T | undefined>] {
  const [busy, setBusy] = useState(false);
  return [
    busy,
    async (what, work) => {
      setBusy(true);
      try {
        return await work();
      } catch (error) {
        const code = error instanceof ApiError ? ` (${error.code})` : "";
        flash("error", `Could not ${what}`, { content: (error as Error).message + code });
        return undefined;
      } finally {
        setBusy(false);
      }
    },
  ];
}
