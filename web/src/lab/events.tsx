import { Look } from "../common/look";
import { List } from "../common/list";
import { Time } from "../common/time";
import { useMessages } from "./messages";

interface LifecycleEvent {
  id: string;
  time: string;
  "detail-type": string;
  source: string;
  detail: { eventName?: string; serviceEventDetails?: Record<string, { state?: string }> };
}

const stateOf = (e: LifecycleEvent) => Object.values(e.detail.serviceEventDetails ?? {})[0]?.state ?? "";

// Events are the lifecycle events that AWS would put on the event bus, the newest first.
export function Events() {
  const { list, kept } = useMessages<LifecycleEvent>("events", "events");
  return (
    <List<LifecycleEvent>
      of={list}
      what="read the events"
      title="Events"
      description={`What AWS would put on the event bus. ${kept}`}
      track={(e) => e.id}
      columns={[
        { id: "name", header: "Event", cell: (e) => e.detail.eventName ?? e["detail-type"], isRowHeader: true },
        { id: "state", header: "State", cell: (e) => stateOf(e) || "-" },
        { id: "at", header: "When", cell: (e) => <Time at={e.time} /> },
        {
          id: "body",
          header: "Body",
          cell: (e) => (
            <Look text="Show" title={`Event ${e.id}`}>
              <pre className="af-code" tabIndex={0} aria-label={`Body of event ${e.id}`}>{JSON.stringify(e, null, 1)}</pre>
            </Look>
          ),
        },
      ]}
      empty="Nothing has happened yet."
    />
  );
}
