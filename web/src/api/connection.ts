import { useSyncExternalStore } from "react";

// Whether the server answers. Any call that gets no answer says so here; a probe then asks until it does again, and what is on
// the page reads itself anew.

let lostSince: number | null = null;
const changed = new EventTarget();

const probeEvery = 1000;

// lost is called by whoever got no answer.
export function lost(): void {
  if (lostSince !== null) return;
  lostSince = Date.now();
  changed.dispatchEvent(new Event("change"));
  setTimeout(probe, probeEvery);
}

// back is called by whoever got one.
export function back(): void {
  if (lostSince === null) return;
  lostSince = null;
  changed.dispatchEvent(new Event("change"));
  changed.dispatchEvent(new Event("back"));
}

async function probe(): Promise<void> {
  if (lostSince === null) return;
  try {
    const answer = await fetch("/api/v1/about", { cache: "no-store" });
    if (answer.status < 502) return back();
  } catch {
    // still away
  }
  setTimeout(probe, probeEvery);
}

// onBack calls when the server answers again.
export function onBack(call: () => void): () => void {
  changed.addEventListener("back", call);
  return () => changed.removeEventListener("back", call);
}

function subscribe(call: () => void): () => void {
  changed.addEventListener("change", call);
  return () => changed.removeEventListener("change", call);
}

// useLost gives since when nothing answers, or null.
export function useLost(): number | null {
  return useSyncExternalStore(subscribe, () => lostSince);
}
