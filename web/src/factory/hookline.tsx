import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { HookRun, Request } from "../api/factory";
import { useStanding } from "../change/subject";
import { useAct } from "../common/act";
import { useHere } from "../common/place";
import { Time } from "../common/time";

const states = { pending: ["in-progress", "under way"], done: ["success", "done"], failed: ["error", "failed"] } as const;

const events = { success: "that it succeeded", failure: "that it failed", waiting: "that it waits for a person", cancelled: "that it was cancelled" } as const;

interface Props {
  request: string;
  run: HookRun;
  set: (r: Request) => void;
}

// HookLine is what one hook was told, after how many attempts, and what it answered. An operator has one that failed run again.
export function HookLine({ request, run, set }: Props) {
  const { factory } = useHere();
  const standing = useStanding();
  const [busy, act] = useAct();
  const [type, text] = states[run.state];
  const again = async () => {
    const changed = await act("run the hook again", () => factory.retryHook(request, run.id));
    if (changed) set(changed);
  };
  return (
    <>
      <Box variant="small">
        <Time at={run.endedAt || run.createdAt} /> Hook {run.hook}
      </Box>
      <div>
        Told {events[run.event] ?? run.event}: <StatusIndicator type={type}>{text}</StatusIndicator>, {run.attempts === 1 ? "1 attempt" : `${run.attempts} attempts`}
        {run.result && `. Answer: ${run.result}`}
      </div>
      {run.output && (
        <ExpandableSection headerText="What it said last">
          <pre className="af-code" tabIndex={0} aria-label={`Output of ${run.hook}`}>{run.output}</pre>
        </ExpandableSection>
      )}
      {run.state === "failed" && standing === "operator" && (
        <Button loading={busy} onClick={() => void again()} ariaLabel={`Run the hook ${run.hook} again`}>
          Run it again
        </Button>
      )}
    </>
  );
}
