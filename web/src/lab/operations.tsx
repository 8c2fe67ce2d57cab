import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useAct } from "../common/act";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";

interface Operation {
  id: string;
  kind: string;
  step: string;
  due: string;
  stuck?: boolean;
}

// Operations is what takes time in the twin at this moment; one that a fault had stuck can be let go.
export function Operations() {
  const { twin } = useHere();
  const [, act] = useAct();
  const read = useResource("operations", async () => (await twin.get<{ operations: Operation[] }>("operations")).operations, 3000);
  const release = async (o: Operation) => {
    if (await act("release the operation", () => twin.send("POST", `operations/${o.id}/release`))) flash("success", "The operation goes on");
    read.refresh();
  };
  return (
    <Shown of={read} what="read the operations">
      {(rows) => (
        <Table<Operation>
          header={<Header variant="h2" counter={`(${rows.length})`}>Operations under way</Header>}
          items={rows}
          wrapLines
          columnDefinitions={roomy([
            { id: "kind", header: "Operation", cell: (o) => o.kind, isRowHeader: true },
            { id: "step", header: "Next step", cell: (o) => o.step },
            { id: "due", header: "Due", cell: (o) => (o.stuck ? "stuck" : <Time at={o.due} />) },
            { id: "go", header: "Change", cell: (o) => (o.stuck ? <Button variant="inline-link" ariaLabel={`Release ${o.kind}`} onClick={() => void release(o)}>Release</Button> : "-") },
          ])}
          empty={<Box>Nothing is under way.</Box>}
        />
      )}
    </Shown>
  );
}
