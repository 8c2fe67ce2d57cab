import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Check } from "../api/error";
import { sentence } from "./checks";

// Said is what there is to say of a field, below it. Its room is there before anything is said, so that nothing moves under the
// reader's pointer while checks come and go. Where little is ever said the room is short.
export function Said({ wrong, good, short }: { wrong?: string; good?: Check; short?: boolean }) {
  return (
    <div role="status" className={short ? "af-said af-short" : "af-said"}>
      {wrong ? (
        <StatusIndicator type="error" wrapText>{wrong}</StatusIndicator>
      ) : (
        good && <StatusIndicator type={good.result === "note" ? "info" : "success"} wrapText>{sentence(good)}</StatusIndicator>
      )}
    </div>
  );
}
