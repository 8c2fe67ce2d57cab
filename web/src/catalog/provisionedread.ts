import type { AWS } from "../api/aws";
import { ApiError } from "../api/error";
import type { Factory, Request } from "../api/factory";
import { readAll } from "../factory/read";
import { readHistory, readOutputs } from "./read";
import type { Output, Provisioned, RecordDetail } from "./types";

// Whole is a provisioned product with what AWS shows this role of it, and what the factory knows.
export interface Whole {
  product: Provisioned | undefined; // undefined where AWS shows it to its maker alone: the factory made it
  refusal: ApiError | undefined;
  outputs: Output[];
  history: RecordDetail[];
  requests: Request[]; // about its account, newest first
}

export async function readWhole(aws: AWS, factory: Factory, id: string): Promise<Whole> {
  const all = await readAll(factory, {});
  const launch = all.find((r) => r.provisionedProductId === id);
  const account = launch?.accountId;
  const requests = all.filter((r) => r.provisionedProductId === id || (account && r.accountId === account));
  try {
    const { ProvisionedProductDetail: product } = await aws.ask<{ ProvisionedProductDetail: Provisioned }>("servicecatalog", "DescribeProvisionedProduct", { Id: id });
    const [outputs, history] = await Promise.all([readOutputs(aws, id).catch(() => []), readHistory(aws, id).catch(() => [])]);
    return { product, refusal: undefined, outputs, history, requests };
  } catch (error) {
    if (!(error instanceof ApiError) || requests.length === 0) throw error;
    return { product: undefined, refusal: error, outputs: [], history: [], requests };
  }
}
