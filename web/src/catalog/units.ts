import type { Place } from "../common/place";
import { launched, readParameters, readProduct } from "./read";
import { accountType, type ProductView } from "./types";

// readUnits gives the organizational units that accounts may be put in, as the Account Factory product offers them.
export async function readUnits({ aws, factory, plain }: Pick<Place, "aws" | "factory" | "plain">): Promise<string[]> {
  if (plain) return (await factory.catalog()).organizationalUnits.map((u) => u.value);
  const views = await aws.all<ProductView>("servicecatalog", "SearchProducts", "ProductViewSummaries", {}, { in: "PageToken", out: "NextPageToken" });
  const id = (views.find((v) => v.Type === accountType) ?? views[0])?.ProductId;
  if (!id) return [];
  const { artifacts } = await readProduct(aws, id);
  const version = launched(artifacts);
  if (!version) return [];
  const parameters = await readParameters(aws, id, version.Id);
  return parameters.find((p) => p.ParameterKey === "ManagedOrganizationalUnit")?.ParameterConstraints?.AllowedValues ?? [];
}
