import type { AWS } from "../api/aws";
import { readParameters, readProduct } from "./read";
import { accountType, type ProductView } from "./types";

// readUnits gives the organizational units that accounts may be put in, as the Account Factory product offers them.
export async function readUnits(aws: AWS): Promise<string[]> {
  const views = await aws.all<ProductView>("servicecatalog", "SearchProducts", "ProductViewSummaries", {}, { in: "PageToken", out: "NextPageToken" });
  const id = (views.find((v) => v.Type === accountType) ?? views[0])?.ProductId;
  if (!id) return [];
  const { artifacts } = await readProduct(aws, id);
  if (!artifacts[0]) return [];
  const parameters = await readParameters(aws, id, artifacts[0].Id);
  return parameters.find((p) => p.ParameterKey === "ManagedOrganizationalUnit")?.ParameterConstraints?.AllowedValues ?? [];
}
