import type { Request } from "../api/factory";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { columns } from "./requests";
import { readAll } from "./read";
import { useChanges } from "./live";

// Attention lists the requests that no machine moves on: those that ask somebody for something, and those that failed.
export function Attention() {
  const { factory, href } = useHere();
  const list = useResource("attention", () => readAll(factory, { state: "needs-decision,waiting-for-person,failed" }));
  useChanges(list.refresh);
  const why = { id: "why", header: "Why", cell: (r: Request) => r.ask?.what || r.explanation || r.errorMessage || "-" };
  const all = columns(href);
  return (
    <List<Request>
      of={list}
      what="read the requests"
      title="Waiting for a person"
      description="Open one to retry it, or to cancel it"
      track={(r) => r.id}
      columns={[...all.slice(0, 3), why, ...all.slice(5)]}
      narrow="The newest are shown. Settle these, or use `accountfactory requests`."
      empty="Nothing waits for a person."
    />
  );
}
