import Link from "@cloudscape-design/components/link";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Button from "@cloudscape-design/components/button";
import type { Kind, Request, State } from "../api/factory";
import { List } from "../common/list";
import { personText } from "../common/person";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Time } from "../common/time";
import { navigate, useAddress } from "../router/history";
import { useChanges } from "./live";
import { readAll } from "./read";
import { RequestState } from "./state";
import { kindText } from "./steps";

const states: Record<State | "", string> = {
  "": "Any state",
  waiting: "Waiting",
  running: "In progress",
  "needs-decision": "Needs a decision",
  "waiting-for-person": "Waits for a person",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};

// Requests lists what was asked of the factory, the newest first.
export function Requests() {
  const place = useHere();
  const query = useAddress().searchParams;
  const state = query.get("state") ?? "";
  const kind = query.get("kind") ?? "";
  const list = useResource(`requests/${state}/${kind}`, () => readAll(place.factory, { state, kind }));
  useChanges(list.refresh);
  const choose = (change: Record<string, string>) => {
    const wanted = Object.entries({ state, kind, ...change }).filter(([, v]) => v);
    navigate(place.href("/factory/requests", Object.fromEntries(wanted)), { replace: true });
  };
  return (
    <List<Request>
      of={list}
      what="read the requests"
      title="Requests"
      track={(r) => r.id}
      columns={columns(place.href)}
      actions={<Button variant="primary" href={place.href("/servicecatalog/products")}>New account</Button>}
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <Choice label="State" texts={states} value={state} change={(v) => choose({ state: v })} />
          <Choice label="Kind" texts={{ "": "Any kind", ...kindText }} value={kind} change={(v) => choose({ kind: v })} />
        </SpaceBetween>
      }
      narrow="The newest are shown. Choose a state or a kind to narrow the list, or use `accountfactory requests`."
      empty={state || kind ? "No request is like that." : "Nothing was asked of the factory yet. Launch a product of Service Catalog to begin."}
    />
  );
}

function Choice({ label, texts, value, change }: { label: string; texts: Record<string, string>; value: string; change: (v: string) => void }) {
  return (
    <Select
      ariaLabel={label}
      selectedOption={{ value, label: texts[value] ?? value }}
      options={Object.entries(texts).map(([v, text]) => ({ value: v, label: text }))}
      onChange={({ detail }) => change(detail.selectedOption.value ?? "")}
    />
  );
}

// columns of a list of requests, narrow enough for all of them beside the list of pages.
export const columns = (href: (path: string) => string) => [
  { id: "name", header: "Account", cell: (r: Request) => <Link href={href(`/factory/requests/${r.id}`)}>{r.name || r.account || r.id}</Link>, sortingField: "name", isRowHeader: true },
  { id: "kind", header: "Kind", cell: (r: Request) => kindText[r.kind as Kind] ?? r.kind, sortingField: "kind", minWidth: 90 },
  { id: "state", header: "State", cell: (r: Request) => <RequestState state={r.state} />, sortingField: "state" },
  { id: "waits", header: "Waits for", cell: (r: Request) => (r.position > 0 ? `${r.position}. ${r.waitingFor ?? ""}` : (r.waitingFor ?? "-")), minWidth: 100 },
  { id: "email", header: "Account e-mail", cell: (r: Request) => r.accountEmail || "-", sortingField: "accountEmail" },
  { id: "at", header: "Requested", cell: (r: Request) => <Time at={r.createdAt} />, sortingField: "createdAt", minWidth: 125 },
  { id: "by", header: "By", cell: (r: Request) => personText(r.requester), sortingField: "requester", minWidth: 110 },
];
