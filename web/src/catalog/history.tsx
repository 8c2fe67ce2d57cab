import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Table from "@cloudscape-design/components/table";
import type { ApiError } from "../api/error";
import type { Request } from "../api/factory";
import { roomy } from "../common/columns";
import { personText } from "../common/person";
import { useHere } from "../common/place";
import { Time } from "../common/time";
import { Trouble } from "../common/trouble";
import { RequestState } from "../factory/state";
import { kindText } from "../factory/steps";
import { ProductStatus } from "./status";
import type { RecordDetail } from "./types";

// History is AWS's records of a provisioned product, with the errors of those that failed.
export function History({ records, denied }: { records: RecordDetail[]; denied: ApiError | undefined }) {
  if (denied) return <Trouble error={denied} what="read AWS's own records of this product" />;
  return (
    <Table<RecordDetail>
      header={<Header variant="h2" counter={`(${records.length})`}>History at AWS</Header>}
      items={records}
      wrapLines
      columnDefinitions={roomy([
        { id: "type", header: "Operation", cell: (r) => r.RecordType.replaceAll("_", " ").toLowerCase(), isRowHeader: true },
        { id: "status", header: "Status", cell: (r) => <ProductStatus status={r.Status} /> },
        { id: "at", header: "Begun", cell: (r) => <Time at={r.CreatedTime} /> },
        { id: "end", header: "Changed", cell: (r) => <Time at={r.UpdatedTime} /> },
        { id: "errors", header: "Errors", cell: (r) => (r.RecordErrors ?? []).map((e) => <div key={e.Code}><Box variant="code">{e.Code}</Box> {e.Description}</div>) },
        { id: "id", header: "Record", cell: (r) => r.RecordId },
      ])}
      empty={<Box>AWS shows no record.</Box>}
    />
  );
}

// Requests is what was asked of the factory about a product's account.
export function Requests({ requests }: { requests: Request[] }) {
  const { href } = useHere();
  return (
    <Table<Request>
      header={<Header variant="h2" counter={`(${requests.length})`}>Requests</Header>}
      items={requests}
      wrapLines
      columnDefinitions={roomy([
        { id: "id", header: "Request", cell: (r) => <Link href={href(`/factory/requests/${r.id}`)}>{r.id}</Link>, isRowHeader: true },
        { id: "kind", header: "Kind", cell: (r) => kindText[r.kind] ?? r.kind },
        { id: "state", header: "State", cell: (r) => <RequestState state={r.state} /> },
        { id: "at", header: "Requested", cell: (r) => <Time at={r.createdAt} /> },
        { id: "by", header: "By", cell: (r) => personText(r.requester) },
      ])}
      empty={<Box>Nothing was asked of the factory.</Box>}
    />
  );
}
