import { useSyncExternalStore } from "react";
import type { FlashbarProps } from "@cloudscape-design/components/flashbar";

// Flashes are what the frame tells about things that were done, until they are closed.

export interface Flash {
  id: string;
  type: FlashbarProps.Type;
  header: string;
  content?: string;
  href?: string; // where to look
  linkText?: string;
  on?: string; // the path of the page that it is shown on, and that lets it go; else all pages show it
}

let flashes: readonly Flash[] = [];
let number = 0;
const changed = new EventTarget();

function change(next: readonly Flash[]): void {
  flashes = next;
  changed.dispatchEvent(new Event("change"));
}

export function flash(type: Flash["type"], header: string, more: Pick<Flash, "content" | "href" | "linkText" | "on"> = {}): void {
  change([...flashes.slice(-4), { id: `flash-${++number}`, type, header, ...more }]);
}

export function dismiss(id: string): void {
  change(flashes.filter((f) => f.id !== id));
}

// letGo closes what is told on one page alone.
export function letGo(on: string): void {
  if (flashes.some((f) => f.on === on)) change(flashes.filter((f) => f.on !== on));
}

export function useFlashes(): readonly Flash[] {
  return useSyncExternalStore(
    (call) => {
      changed.addEventListener("change", call);
      return () => changed.removeEventListener("change", call);
    },
    () => flashes,
  );
}
