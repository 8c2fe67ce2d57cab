import type { Factory, Request } from "../api/factory";
import type { AWS } from "../api/aws";
import { readAll as readRequests } from "../factory/read";
import { type Found, keep } from "../common/found";
import { searchProvisioned } from "./read";
import type { Provisioned } from "./types";

// Row is a provisioned product with the request that made it, as far as this role may know of either.
export interface Row {
  id: string;
  name: string;
  status: string; // AWS's
  accountId: string;
  created: string;
  owner: string;
  requestId: string;
}

const bad = (status: string) => status === "TAINTED" || status === "ERROR";

// sick reports whether a product wants repair.
export const sick = (r: Row) => bad(r.status);

const fromAWS = (p: Provisioned, r?: Request): Row => ({
  id: p.Id,
  name: p.Name,
  status: p.Status,
  accountId: p.PhysicalId ?? r?.accountId ?? "",
  created: p.CreatedTime ?? r?.createdAt ?? "",
  owner: r?.requester ?? p.UserArnSession ?? p.UserArn ?? "",
  requestId: r?.id ?? "",
});

// A request's end says what AWS would: end users may not read products that the factory launched for them.
export const statusOf: Record<Request["state"], string> = {
  waiting: "UNDER_CHANGE",
  running: "UNDER_CHANGE",
  "needs-decision": "ERROR",
  "waiting-for-person": "UNDER_CHANGE",
  succeeded: "AVAILABLE",
  failed: "ERROR",
  cancelled: "ERROR",
};

const fromRequest = (r: Request): Row => ({
  id: r.provisionedProductId!,
  name: r.name,
  status: statusOf[r.state],
  accountId: r.accountId,
  created: r.createdAt,
  owner: r.requester,
  requestId: r.id,
});

// readAll gives every provisioned product of the account. Roles that may only see their own are refused by AWS.
export async function readAll(aws: AWS, factory: Factory): Promise<Found<Row>> {
  const [products, requests] = await Promise.all([searchProvisioned(aws, "Account"), launches(factory)]);
  const byProduct = new Map(requests.map((r) => [r.provisionedProductId, r]));
  return keep(products.map((p) => fromAWS(p, byProduct.get(p.Id))), products);
}

// readMine gives those that the caller asked for, through the factory or at AWS, with AWS's status where AWS shows it.
export async function readMine(aws: AWS, factory: Factory): Promise<Found<Row>> {
  const search = (whose: "User" | "Account") => searchProvisioned(aws, whose).catch((): Found<Provisioned> => []);
  const [mine, own, all] = await Promise.all([launches(factory, { mine: "true" }), search("User"), search("Account")]);
  const seen = new Map([...own, ...all].map((p) => [p.Id, p]));
  const known = new Set(mine.map((r) => r.provisionedProductId));
  const rows = mine.map((r) => {
    const product = seen.get(r.provisionedProductId!);
    return product ? fromAWS(product, r) : fromRequest(r);
  });
  return keep([...rows, ...own.filter((p) => !known.has(p.Id)).map((p) => fromAWS(p))], mine, own);
}

// launches gives the requests that made products.
async function launches(factory: Factory, filter: Record<string, string> = {}): Promise<Found<Request>> {
  const requests = await readRequests(factory, { kind: "launch", ...filter });
  return keep(requests.filter((r) => r.provisionedProductId && r.state !== "cancelled"), requests);
}
