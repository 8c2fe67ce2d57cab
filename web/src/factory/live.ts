import { useEffect, useRef, useState } from "react";
import { listen } from "../api/events";
import type { Request } from "../api/factory";
import { useHere } from "../common/place";
import { type Resource, useResource } from "../common/resource";
import { working } from "./state";

// Without live changes the page asks this often; with them, rarely, for what an event could have missed.
const pollEvery = 3000;
const seldom = 30_000;

// hooksRun tells that something is still told of a request, of which no event comes.
const hooksRun = (r: Request | undefined) => !!r?.hooks?.some((h) => h.state === "pending");

// useRequest reads a request and follows it: by the server's events, and by asking where those do not come. Events are without the
// hooks: those are read when a request has come to an end or waits, which is what hooks are told of.
export function useRequest(id: string): Resource<Request> & { live: boolean } {
  const { factory } = useHere();
  const [live, setLive] = useState(false);
  const [hooks, setHooks] = useState(false);
  const read = useResource(`request/${id}`, () => factory.get(id), live && !hooks ? seldom : pollEvery);
  const { data, set, refresh } = read;
  if (hooksRun(data) !== hooks) setHooks(hooksRun(data));
  const known = useRef<Request["hooks"]>(undefined);
  known.current = data?.hooks;
  useEffect(
    () =>
      listen(factory.as, {
        request: (r) => {
          if (r.id !== id) return;
          if (r.timeline) set({ ...r, hooks: r.hooks ?? known.current });
          if (!r.timeline || !working(r.state)) refresh();
        },
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
  const latest = useRef(changed);
  latest.current = changed; // whoever calls may give another function each time: that is no reason to listen anew
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, 300); // a batch of changes is one reading
    };
    const stop = listen(factory.as, { request: soon, queue: soon });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [factory]);
}
