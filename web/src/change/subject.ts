import type { AWS } from "../api/aws";
import type { Factory, Request } from "../api/factory";
import { useHere } from "../common/place";
import { type Resource, useResource } from "../common/resource";
import type { Account } from "../controltower/types";
import { readAll } from "../factory/read";

// Subject is the account that a change is about, as far as the opened role may know of it.
export interface Subject {
  id: string;
  name: string; // "" where neither AWS nor the factory tells this role
  email: string;
  productId: string; // "" where no request of this role made it
  requests: Request[]; // about it, newest first
}

// useSubject reads an account: from Organizations where the role may, else from the requests that it may see.
export function useSubject(id: string): Resource<Subject> {
  const { aws, factory } = useHere();
  return useResource(`subject/${id}`, () => readSubject(aws, factory, id));
}

async function readSubject(aws: AWS, factory: Factory, id: string): Promise<Subject> {
  const [account, all] = await Promise.all([
    aws.ask<{ Account: Account }>("organizations", "DescribeAccount", { AccountId: id }).then((out) => out.Account, () => undefined),
    readAll(factory, {}),
  ]);
  const requests = all.filter((r) => r.accountId === id);
  const launch = requests.find((r) => r.provisionedProductId);
  const renamed = requests.find((r) => r.newName && r.state === "succeeded");
  return {
    id,
    name: account?.Name ?? renamed?.newName ?? launch?.name ?? requests.find((r) => r.name)?.name ?? "",
    email: account?.Email ?? launch?.accountEmail ?? "",
    productId: launch?.provisionedProductId ?? "",
    requests,
  };
}

// whereFrom is the page that a change of an account begins at, and giving up leads back to.
export const whereFrom = (s: Subject) => (s.productId ? `/servicecatalog/provisioned-products/${s.productId}` : `/controltower/accounts/${s.id}`);

// useStanding gives what the opened role is to the factory.
export function useStanding() {
  const { factory } = useHere();
  return useResource(`caller/${factory.as}`, factory.caller).data?.role;
}
