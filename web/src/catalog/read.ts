import { type AWS, pageTokens } from "../api/aws";
import type { Factory } from "../api/factory";
import type { Found } from "../common/found";
import type { Place } from "../common/place";
import { accountProduct, accountType, type Artifact, type Output, type Parameter, type ProductView, type Provisioned, type RecordDetail } from "./types";

// Launchable is a product with what it is launched with.
export interface Launchable {
  view: ProductView;
  artifacts: Artifact[];
  parameters: Parameter[];
}

// launched gives the version that the factory launches: the newest that is not deprecated.
export function launched(artifacts: Artifact[]): Artifact | undefined {
  return artifacts.filter((a) => a.Guidance !== "DEPRECATED").sort((a, b) => (b.CreatedTime ?? "").localeCompare(a.CreatedTime ?? ""))[0];
}

// readProducts gives what the opened role may launch; to people without roles, what the factory launches for them.
export async function readProducts({ aws, factory, plain }: Place): Promise<Found<ProductView>> {
  if (!plain) return aws.all<ProductView>("servicecatalog", "SearchProducts", "ProductViewSummaries", {}, pageTokens);
  const own = await readOwn(factory);
  return own ? [own.view] : [];
}

// readLaunchable gives a product with its versions and their parameters.
export async function readLaunchable({ aws, factory, plain }: Place, id: string): Promise<Launchable> {
  if (plain) {
    const own = await readOwn(factory);
    if (own?.view.ProductId !== id) throw new Error("There is no such product.");
    return own;
  }
  const product = await readProduct(aws, id);
  const version = launched(product.artifacts);
  return { ...product, parameters: version ? await readParameters(aws, id, version.Id) : [] };
}

// readOwn gives Account Factory's product as the factory reads it, undefined where it makes accounts without one.
async function readOwn(factory: Factory): Promise<Launchable | undefined> {
  const { product: p, organizationalUnits } = await factory.catalog();
  if (!p) return undefined;
  return {
    view: { ProductId: p.id, Name: p.name || accountProduct, Type: accountType },
    artifacts: [{ Id: p.versionId, Name: p.version }],
    parameters: [{ ParameterKey: "ManagedOrganizationalUnit", ParameterConstraints: { AllowedValues: organizationalUnits.map((u) => u.value) } }],
  };
}

// readProduct gives a product with the versions that may be launched.
export async function readProduct(aws: AWS, id: string): Promise<{ view: ProductView; artifacts: Artifact[] }> {
  const out = await aws.ask<{ ProductViewSummary: ProductView; ProvisioningArtifacts: Artifact[] | null }>("servicecatalog", "DescribeProduct", { Id: id });
  return { view: out.ProductViewSummary, artifacts: out.ProvisioningArtifacts ?? [] };
}

// readParameters gives what a version is launched with; the organizational units among it are asked for at this moment.
export async function readParameters(aws: AWS, product: string, artifact: string): Promise<Parameter[]> {
  const out = await aws.ask<{ ProvisioningArtifactParameters: Parameter[] | null }>("servicecatalog", "DescribeProvisioningParameters", {
    ProductId: product,
    ProvisioningArtifactId: artifact,
  });
  return out.ProvisioningArtifactParameters ?? [];
}

// searchProvisioned gives provisioned products: those of the caller, or the whole account's.
export async function searchProvisioned(aws: AWS, whose: "User" | "Account", query?: string): Promise<Found<Provisioned>> {
  return aws.all<Provisioned>(
    "servicecatalog",
    "SearchProvisionedProducts",
    "ProvisionedProducts",
    { AccessLevelFilter: { Key: whose, Value: "self" }, PageSize: 100, ...(query ? { Filters: { SearchQuery: [query] } } : {}) },
    { in: "PageToken", out: "NextPageToken" },
  );
}

export async function readOutputs(aws: AWS, id: string): Promise<Output[]> {
  return aws.all<Output>("servicecatalog", "GetProvisionedProductOutputs", "Outputs", { ProvisionedProductId: id }, { in: "PageToken", out: "NextPageToken" });
}

// readHistory gives the operations on a provisioned product, newest first.
export async function readHistory(aws: AWS, id: string): Promise<RecordDetail[]> {
  const all = await aws.all<RecordDetail>(
    "servicecatalog",
    "ListRecordHistory",
    "RecordDetails",
    { AccessLevelFilter: { Key: "Account", Value: "self" }, SearchFilter: { Key: "provisionedproduct", Value: id } },
    { in: "PageToken", out: "NextPageToken" },
  );
  return all.sort((a, b) => (b.CreatedTime ?? "").localeCompare(a.CreatedTime ?? ""));
}
