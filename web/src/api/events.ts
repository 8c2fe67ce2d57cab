import { back, lost } from "./connection";
import type { Queue, Request } from "./factory";
import { readSession } from "./session";

export interface Listener {
  request?(r: Request): void;
  queue?(q: Queue): void;
  live?(on: boolean): void; // whether changes arrive by themselves
}

// Milliseconds after which a stream that the server refused is tried again, longer each time.
const reopenAfter = 1000;
const reopenAtMost = 30_000;

// listen takes the changes that the server sends, for as long as it is not closed and somebody looks: browsers have few connections
// for one server, and pages in other tabs would take them all. What has happened meanwhile is read when the page is looked at again.
export function listen(role: string, to: Listener): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = reopenAfter;
  const open = () => {
    const opened = new EventSource("/api/v1/events?role=" + encodeURIComponent(role));
    source = opened;
    opened.addEventListener("open", () => {
      wait = reopenAfter;
      back();
      to.live?.(true);
    });
    opened.addEventListener("error", () => {
      to.live?.(false);
      if (opened.readyState !== EventSource.CLOSED) return lost(); // the browser comes back by itself
      timer = setTimeout(open, wait);
      wait = Math.min(2 * wait, reopenAtMost);
      void readSession().catch(() => undefined); // why it was refused a stream does not say: without a session this leads to the sign-in
    });
    opened.addEventListener("request", (e) => to.request?.(JSON.parse(e.data as string) as Request));
    opened.addEventListener("queue", (e) => to.queue?.(JSON.parse(e.data as string) as Queue));
  };
  const close = () => {
    clearTimeout(timer);
    source?.close();
    source = undefined;
  };
  const looked = () => {
    if (document.visibilityState === "hidden") {
      close();
      to.live?.(false);
    } else if (!source) open();
  };
  document.addEventListener("visibilitychange", looked);
  looked();
  return () => {
    document.removeEventListener("visibilitychange", looked);
    close();
  };
}
