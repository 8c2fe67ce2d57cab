import { useCallback, useEffect, useRef, useState } from "react";
import { onBack } from "../api/connection";
import { LostError } from "../api/error";

// Reading is something read from the server, as far as it is known.
export interface Reading<T> {
  data: T | undefined;
  error: Error | undefined; // why it could not be read the last time; data read before stays
  loading: boolean;
  refresh: () => void;
}

// Resource is a reading that can be brought up to date.
export interface Resource<T> extends Reading<T> {
  set: (data: T) => void; // by what the server said otherwise, in an event or an answer
}

// useResource reads when the key changes, when the server is back after it was away, and every so often if asked to. The key says
// what is read: two readers with the same key would read the same.
export function useResource<T>(key: string, read: () => Promise<T>, every = 0): Resource<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: Error; loading: boolean }>({ key, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(read);
  latest.current = read;
  const refresh = useCallback(() => setTurn((n) => n + 1), []);
  const set = useCallback((data: T) => setState({ key, data, loading: false }), [key]);

  useEffect(() => {
    let current = true;
    setState((s) => (s.key === key ? { ...s, loading: true } : { key, loading: true }));
    latest.current().then(
      (data) => current && setState({ key, data, loading: false }),
      (error: Error) => current && setState((s) => ({ key, data: s.data, error, loading: error instanceof LostError && !s.data })),
    );
    return () => {
      current = false;
    };
  }, [key, turn]);

  useEffect(() => onBack(refresh), [refresh]);
  useEffect(() => {
    if (!every) return;
    const timer = setInterval(() => document.visibilityState === "visible" && refresh(), every);
    return () => clearInterval(timer);
  }, [every, refresh]);

  const own = state.key === key ? state : { data: undefined, error: undefined, loading: true };
  return { data: own.data, error: own.error, loading: own.loading, refresh, set };
}
