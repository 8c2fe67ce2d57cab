import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import type { Event, HookRun, Request } from "../api/factory";
import { Time } from "../common/time";
import { HookLine } from "./hookline";
import { stepText } from "./steps";

interface Line {
  key: string; // stays when lines change places: what somebody has opened stays open, and a button is the same one
  at: string;
  bad: boolean;
  show: ReactNode;
}

// Timeline shows what the factory did and saw, oldest first, with AWS's words where AWS said something, and among it each telling of
// a hook, where it came to its end or was begun.
export function Timeline({ request: r, set }: { request: Request; set: (r: Request) => void }) {
  const { timeline = [], hooks = [] } = r;
  const lines: Line[] = [...timeline.flatMap((e, i) => (toldByRun(e, hooks) ? [] : [eventLine(e, i)])), ...hooks.map((run) => hookLine(r.id, run, set))];
  if (lines.length === 0) return <Box>Nothing has happened yet.</Box>;
  return (
    <ol className="af-timeline">
      {lines
        .sort((a, b) => +new Date(a.at) - +new Date(b.at))
        .map((line) => (
          <li key={line.key} className={line.bad ? "af-bad" : undefined}>
            {line.show}
          </li>
        ))}
    </ol>
  );
}

// toldByRun tells of an event that a hook's run came to its end: the run's own line says that, and more.
const toldByRun = (e: Event, runs: HookRun[]) =>
  e.step === "hook" && runs.some((run) => run.endedAt && e.text.startsWith(`Hook ${run.hook}`) && Math.abs(+new Date(e.at) - +new Date(run.endedAt)) < 1000);

function eventLine(e: Event, i: number): Line {
  return {
    key: `event ${i}`,
    at: e.at,
    bad: !!(e.alarm || e.awsCode),
    show: (
      <>
        <Box variant="small">
          <Time at={e.at} /> {stepText(e.step)}
        </Box>
        <div>{e.text}</div>
        {(e.awsCode || e.awsMessage) && (
          <Box color="text-body-secondary">
            AWS says: <Box variant="code">{e.awsCode}</Box> {e.awsMessage}
          </Box>
        )}
      </>
    ),
  };
}

function hookLine(request: string, run: HookRun, set: (r: Request) => void): Line {
  return { key: run.id, at: run.endedAt || run.createdAt, bad: run.state === "failed", show: <HookLine request={request} run={run} set={set} /> };
}
