import StatusIndicator from "@cloudscape-design/components/status-indicator";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Check } from "../api/error";
import { sentence } from "./checks";

const marks = { ok: "success", note: "info", failed: "error" } as const;

// CheckList shows what the factory looked at, what failed first.
export function CheckList({ checks }: { checks: Check[] }) {
  const order = { failed: 0, note: 1, ok: 2 };
  return (
    <SpaceBetween size="xs">
      {[...checks]
        .sort((a, b) => order[a.result] - order[b.result])
        .map((c) => (
          <StatusIndicator key={c.name + c.seen} type={marks[c.result]} wrapText>
            {sentence(c)}
          </StatusIndicator>
        ))}
    </SpaceBetween>
  );
}
