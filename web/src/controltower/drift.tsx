import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { TowerStatus } from "./status";

type DriftRow = { Type: string } & Record<string, string>;

// Drift lists what the twin knows to be otherwise than Control Tower made it. AWS tells this by events alone.
export function Drift() {
  const { twin } = useHere();
  const drift = useResource("drift", async () => (await twin.get<{ drift: DriftRow[] }>("drift")).drift);
  return (
    <Shown of={drift} what="read what has drifted">
      {(rows) => (
        <Table<DriftRow>
          header={<Header variant="h2" counter={`(${rows.length})`} description="Known to the twin; AWS tells it by events alone">Drift</Header>}
          items={rows}
          wrapLines
          columnDefinitions={roomy([
            { id: "type", header: "Type", cell: (r) => r.Type, isRowHeader: true },
            {
              id: "what",
              header: "Where",
              cell: (r) =>
                Object.entries(r)
                  .filter(([k, v]) => k !== "Type" && v)
                  .map(([k, v]) => `${k}: ${String(v)}`)
                  .join(", "),
            },
          ])}
          empty={<Box>Nothing has drifted.</Box>}
        />
      )}
    </Shown>
  );
}

interface OperationRow {
  OperationIdentifier: string;
  OperationType: string;
  Status: string;
}

// Operations lists what was done to the landing zone.
export function Operations() {
  const { aws } = useHere();
  const list = useResource("landingzone/operations", () => aws.all<OperationRow>("controltower", "ListLandingZoneOperations", "LandingZoneOperations"));
  return (
    <Shown of={list} what="read the operations on the landing zone">
      {(rows) => (
        <Table<OperationRow>
          header={<Header variant="h2" counter={`(${rows.length})`}>Operations</Header>}
          items={rows}
          wrapLines
          columnDefinitions={roomy([
            { id: "type", header: "Operation", cell: (r) => r.OperationType.toLowerCase(), isRowHeader: true },
            { id: "status", header: "Status", cell: (r) => <TowerStatus status={r.Status} /> },
            { id: "id", header: "ID", cell: (r) => r.OperationIdentifier },
          ])}
          empty={<Box>None in the last 90 days.</Box>}
        />
      )}
    </Shown>
  );
}
