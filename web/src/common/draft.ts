import { useCallback, useState } from "react";

// useDraft keeps what is typed across reloads, Back and a sign-in in between, in this tab alone.
export function useDraft<T extends object>(key: string, empty: T): [T, (change: Partial<T>) => void, () => void] {
  const [draft, setDraft] = useState<T>(() => ({ ...empty, ...known(read<T>(key), empty) }));
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

// known drops what the form has not got any more, such as after an upgrade.
const known = <T extends object>(draft: Partial<T>, empty: T) => Object.fromEntries(Object.entries(draft).filter(([k]) => k in empty)) as Partial<T>;

function read<T>(key: string): Partial<T> {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "{}") as Partial<T>;
  } catch {
    return {};
  }
}
