import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import type { AuditRow } from "../api/factory";
import { Look } from "../common/look";
import { List } from "../common/list";
import { Person } from "../common/person";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Time } from "../common/time";
import { readNewest } from "./auditread";


// Audit is the audit log, for auditors and operators, the newest first.
export function Audit() {
  const { factory, href } = useHere();
  const list = useResource("audit", () => readNewest(factory));
  return (
    <List<AuditRow>
      of={list}
      what="read the audit log"
      title="Audit log"
      description="Rows are chained by hashes: `accountfactory audit verify` proves that none was altered"
      track={(r) => String(r.number)}
      columns={[
        { id: "n", header: "Number", cell: (r) => r.number, sortingField: "number", isRowHeader: true },
        { id: "at", header: "When", cell: (r) => <Time at={r.at} />, sortingField: "at" },
        { id: "actor", header: "Who", cell: (r) => <Person who={r.actor} />, sortingField: "actor" },
        { id: "action", header: "Did", cell: (r) => r.action, sortingField: "action" },
        { id: "request", header: "Request", cell: (r) => (r.requestId ? <Link href={href(`/factory/requests/${r.requestId}`)}>{r.requestId}</Link> : "-") },
        { id: "reason", header: "Reason", cell: (r) => r.reason || "-" },
        { id: "change", header: "Change", cell: (r) => <Change row={r} /> },
      ]}
      narrow="The newest are shown. `accountfactory audit export` prints all of them."
      empty="Nothing has happened yet."
    />
  );
}

function Change({ row }: { row: AuditRow }) {
  return (
    <Look text="Show" title={`Change of row ${row.number}`}>
      <pre className="af-code" tabIndex={0} aria-label={`Change of row ${row.number}`}>
        {JSON.stringify({ before: row.before, after: row.after }, null, 1)}
      </pre>
      <Box variant="small">
        <span className="af-words">{row.hash}</span>
      </Box>
    </Look>
  );
}
