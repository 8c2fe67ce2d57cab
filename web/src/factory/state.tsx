import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { State } from "../api/factory";

const states: Record<State, [StatusIndicatorProps.Type, string]> = {
  waiting: ["pending", "Waiting"],
  running: ["in-progress", "In progress"],
  "needs-decision": ["warning", "Needs a decision"],
  "waiting-for-person": ["pending", "Waits for a person"],
  succeeded: ["success", "Succeeded"],
  failed: ["error", "Failed"],
  cancelled: ["stopped", "Cancelled"],
};

// RequestState shows where a request stands.
export function RequestState({ state }: { state: State }) {
  const [type, text] = states[state] ?? ["info", state];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}

export const open = (state: State) => working(state) || state === "needs-decision" || state === "waiting-for-person";
export const working = (state: State) => state === "waiting" || state === "running";
