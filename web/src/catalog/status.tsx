import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

const statuses: Record<string, [StatusIndicatorProps.Type, string]> = {
  AVAILABLE: ["success", "Available"],
  UNDER_CHANGE: ["in-progress", "Under change"],
  TAINTED: ["warning", "Tainted"],
  ERROR: ["error", "Error"],
  PLAN_IN_PROGRESS: ["pending", "Plan in progress"],
  CREATED: ["pending", "Created"],
  IN_PROGRESS: ["in-progress", "In progress"],
  IN_PROGRESS_IN_ERROR: ["warning", "In progress in error"],
  SUCCEEDED: ["success", "Succeeded"],
  FAILED: ["error", "Failed"],
};

// ProductStatus shows a status of Service Catalog in the console's words.
export function ProductStatus({ status }: { status: string }) {
  const [type, text] = statuses[status] ?? ["info", status];
  return <StatusIndicator type={type}>{text}</StatusIndicator>;
}
