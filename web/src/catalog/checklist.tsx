import StatusIndicator from "@cloudscape-design/components/status-indicator";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type Checks, sentence } from "./checks";
import { Remedy } from "./remedy";

const marks = { ok: "success", note: "info", failed: "error" } as const;

// CheckList shows what the factory looked at, what failed first.
export function CheckList({ of }: { of: Checks }) {
  const order = { failed: 0, note: 1, ok: 2 };
  return (
    <SpaceBetween size="xs">
      {[...(of.plan?.checks ?? [])]
        .sort((a, b) => order[a.result] - order[b.result])
        .map((c) => (
          <div key={c.name + c.seen}>
            <StatusIndicator type={marks[c.result]} wrapText>
              {sentence(c)}
            </StatusIndicator>{" "}
            <Remedy check={c} checks={of} />
          </div>
        ))}
    </SpaceBetween>
  );
}
