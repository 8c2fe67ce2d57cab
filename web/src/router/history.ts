import { useSyncExternalStore } from "react";

// The address bar is the one place that says where the reader is; everybody else asks here.

const moved = new EventTarget();

function subscribe(changed: () => void): () => void {
  moved.addEventListener("move", changed);
  addEventListener("popstate", changed);
  return () => {
    moved.removeEventListener("move", changed);
    removeEventListener("popstate", changed);
  };
}

const address = () => location.pathname + location.search;

// useAddress gives path and query, now and whenever they change.
export function useAddress(): URL {
  return new URL(useSyncExternalStore(subscribe, address), location.origin);
}

// navigate goes to a path of the app. A replaced entry is one that the Back button should not come to.
export function navigate(to: string, { replace = false } = {}): void {
  if (to === address()) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  if (!replace) scrollTo(0, 0);
  moved.dispatchEvent(new Event("move"));
}

// What the server serves beside the app: its addresses are left to the browser.
const servers = /^\/(api|signin|sign-in|start|authorize)(\/|$)/;

// followLinks makes plain clicks on the app's own links move within it. Clicks with a modifier stay the browser's.
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.hasAttribute("download")) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || servers.test(to.pathname) || (to.hash && to.pathname === location.pathname)) return;
    event.preventDefault();
    navigate(to.pathname + to.search);
  });
}
