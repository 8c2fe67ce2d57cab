import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Link from "@cloudscape-design/components/link";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { List } from "../common/list";
import { personText } from "../common/person";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Time } from "../common/time";
import { useChanges } from "../factory/live";
import { navigate, useAddress } from "../router/history";
import { readAll, readMine, type Row, sick } from "./mine";
import { ProductStatus } from "./status";

// ProvisionedProducts lists what was launched: one's own, and one click away everybody's.
export function ProvisionedProducts() {
  const place = useHere();
  const all = useAddress().searchParams.get("view") === "all";
  const list = useResource(`provisioned/${all}`, () => (all ? readAll : readMine)(place.aws, place.factory));
  const everybody = useResource("provisioned/sick", () => readAll(place.aws, place.factory).catch(() => [] as Row[]));
  useChanges(list.refresh);
  const page = "/servicecatalog/provisioned-products";
  const shown = new Set(list.data?.map((r) => r.id));
  const hidden = all ? [] : (everybody.data ?? []).filter((r) => sick(r) && !shown.has(r.id));
  return (
    <SpaceBetween size="l">
      {hidden.length > 0 && (
        <Alert type="warning" action={<Button href={place.href(page, { view: "all" })}>Show all</Button>} header={hidden.length === 1 ? "A product that is not yours wants repair" : `${hidden.length} products that are not yours want repair`}>
          {hidden.slice(0, 5).map((r) => r.name).join(", ")}
        </Alert>
      )}
      <List
        of={list}
        what={all ? "see everybody's provisioned products" : "read your provisioned products"}
        title="Provisioned products"
        track={(r) => r.id}
        actions={<Button variant="primary" href={place.href("/servicecatalog/products")}>Launch product</Button>}
        filter={
          <SegmentedControl
            label="Whose products"
            selectedId={all ? "all" : "mine"}
            options={[
              { id: "mine", text: "Mine" },
              { id: "all", text: "All" },
            ]}
            onChange={({ detail }) => navigate(place.href(page, detail.selectedId === "all" ? { view: "all" } : {}))}
          />
        }
        columns={[
          { id: "name", header: "Name", cell: (r) => <Link href={place.href(`${page}/${r.id}`)}>{r.name}</Link>, sortingField: "name", isRowHeader: true },
          { id: "status", header: "Status", cell: (r) => <ProductStatus status={r.status} />, sortingField: "status" },
          { id: "account", header: "Account", cell: (r) => r.accountId || "-", sortingField: "accountId" },
          { id: "created", header: "Created", cell: (r) => <Time at={r.created} />, sortingField: "created" },
          { id: "owner", header: "Requested by", cell: (r) => personText(r.owner) },
          { id: "request", header: "Request", cell: (r) => (r.requestId ? <Link href={place.href(`/factory/requests/${r.requestId}`)}>{r.requestId}</Link> : "-") },
        ]}
        empty={all ? "No product is provisioned in this account." : "You have launched nothing yet."}
      />
    </SpaceBetween>
  );
}
