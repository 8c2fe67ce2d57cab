import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

const types: Record<string, StatusIndicatorProps.Type> = {
  ACTIVE: "success",
  SUCCEEDED: "success",
  IN_SYNC: "success",
  NOT_CHECKING: "info",
  PROCESSING: "in-progress",
  IN_PROGRESS: "in-progress",
  UNDER_CHANGE: "in-progress",
  FAILED: "error",
  DRIFTED: "warning",
  SUSPENDED: "stopped",
  PENDING_CLOSURE: "pending",
  PENDING_ACTIVATION: "pending",
  CLOSED: "stopped",
};

// TowerStatus shows a status of Organizations or Control Tower, read as words.
export function TowerStatus({ status }: { status: string }) {
  if (!status) return <>-</>;
  const text = status.charAt(0) + status.slice(1).toLowerCase().replaceAll("_", " ");
  return <StatusIndicator type={types[status] ?? "info"}>{text}</StatusIndicator>;
}
