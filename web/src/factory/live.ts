import { useEffect, useState } from "react";
import { listen } from "../api/events";
import type { Request } from "../api/factory";
import { useHere } from "../common/place";
import { type Resource, useResource } from "../common/resource";

// Without live changes the page asks this often; with them, rarely, for what an event could have missed.
const pollEvery = 3000;
const seldom = 30_000;

// useRequest reads a request and follows it: by the server's events, and by asking where those do not come.
export function useRequest(id: string): Resource<Request> & { live: boolean } {
  const { factory } = useHere();
  const [live, setLive] = useState(false);
  const read = useResource(`request/${id}`, () => factory.get(id), live ? seldom : pollEvery);
  const { set, refresh } = read;
  useEffect(
    () =>
      listen(factory.as, {
        request: (r) => r.id === id && (r.timeline ? set(r) : refresh()),
        live: (on) => {
          setLive(on);
          if (on) refresh(); // what happened while nobody listened
        },
      }),
    [factory, id, set, refresh],
  );
  return { ...read, live };
}

// useChanges calls when any request or the queue has changed.
export function useChanges(changed: () => void): void {
  const { factory } = useHere();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        changed();
      }, 300); // a batch of changes is one reading
    };
    const stop = listen(factory.as, { request: soon, queue: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [factory, changed]);
}
