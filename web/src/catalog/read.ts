import type { AWS } from "../api/aws";
import type { Found } from "../common/found";
import type { Artifact, Output, Parameter, ProductView, Provisioned, RecordDetail } from "./types";

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
