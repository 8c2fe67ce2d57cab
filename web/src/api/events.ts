import { back, lost } from "./connection";
import type { Queue, Request } from "./factory";

export interface Listener {
  request?(r: Request): void;
  queue?(q: Queue): void;
  live?(on: boolean): void; // whether changes arrive by themselves
}

const reopenAfter = 1000;

// listen takes the changes that the server sends, for as long as it is not closed. The browser comes back by itself after a
// connection that broke; one that the server refused is tried again here.
export function listen(role: string, to: Listener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout>;
  const open = () => {
    source = new EventSource("/api/v1/events?role=" + encodeURIComponent(role));
    source.addEventListener("open", () => {
      back();
      to.live?.(true);
    });
    source.addEventListener("error", () => {
      to.live?.(false);
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, reopenAfter);
      else lost();
    });
    source.addEventListener("request", (e) => to.request?.(JSON.parse(e.data as string) as Request));
    source.addEventListener("queue", (e) => to.queue?.(JSON.parse(e.data as string) as Queue));
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
