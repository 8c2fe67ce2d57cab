const here = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

// Time shows a moment in the reader's zone, and in UTC when pointed at.
export function Time({ at }: { at: string | undefined | null }) {
  const moment = at ? new Date(at) : null;
  if (!moment || isNaN(+moment)) return <>-</>;
  return (
    <time dateTime={moment.toISOString()} title={moment.toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC")}>
      {here.format(moment)}
    </time>
  );
}

// duration writes seconds as people say them.
export function duration(seconds: number): string {
  if (seconds > 0 && seconds < 1) return "under a second";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

// goDuration reads what Go writes, such as 1m20.5s, as seconds; 0 for what it is not.
export function goDuration(text: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001, "µs": 0, ns: 0 };
  let total = 0;
  for (const [, n, unit] of text.matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)) total += Number(n) * (units[unit ?? ""] ?? 0);
  return total;
}
