import { useCallback, useState } from "react";

// useDraft keeps what is typed across reloads, Back and a sign-in in between, in this tab alone.
export function useDraft<T extends object>(key: string, empty: T): [T, (change: Partial<T>) => void, () => void] {
  const [draft, setDraft] = useState<T>(() => ({ ...empty, ...read<T>(key) }));
  const change = useCallback(
    (part: Partial<T>) =>
      setDraft((old) => {
        const next = { ...old, ...part };
        sessionStorage.setItem(key, JSON.stringify(next));
        return next;
      }),
    [key],
  );
  const clear = useCallback(() => sessionStorage.removeItem(key), [key]);
  return [draft, change, clear];
}

function read<T>(key: string): Partial<T> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>;
  } catch {
    return {};
  }
}
