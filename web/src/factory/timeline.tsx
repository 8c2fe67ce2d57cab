import Box from "@cloudscape-design/components/box";
import type { Event } from "../api/factory";
import { Time } from "../common/time";
import { stepText } from "./steps";

// Timeline shows what the factory did and saw, oldest first, with AWS's words where AWS said something.
export function Timeline({ events }: { events: Event[] }) {
  if (events.length === 0) return <Box>Nothing has happened yet.</Box>;
  return (
    <ol className="af-timeline">
      {events.map((e, i) => (
        <li key={i} className={e.alarm || e.awsCode ? "af-bad" : undefined}>
          <Box variant="small">
            <Time at={e.at} /> {stepText(e.step)}
          </Box>
          <div>{e.text}</div>
          {(e.awsCode || e.awsMessage) && (
            <Box color="text-body-secondary">
              AWS says: <Box variant="code">{e.awsCode}</Box> {e.awsMessage}
            </Box>
          )}
        </li>
      ))}
    </ol>
  );
}
