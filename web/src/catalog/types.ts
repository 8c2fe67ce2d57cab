// What Service Catalog answers, as far as the pages show it.

export interface ProductView {
  ProductId: string;
  Name: string;
  Owner?: string;
  ShortDescription?: string;
  Type?: string;
}

export interface Artifact {
  Id: string;
  Name: string;
  Description?: string;
  CreatedTime?: string;
  Guidance?: string;
}

export interface Provisioned {
  Id: string;
  Name: string;
  Status: string;
  StatusMessage?: string;
  Type: string;
  PhysicalId?: string; // account id
  ProductId: string;
  ProductName?: string;
  ProvisioningArtifactId?: string;
  ProvisioningArtifactName?: string;
  CreatedTime?: string;
  LastRecordId?: string;
  LastSuccessfulProvisioningRecordId?: string;
  UserArn?: string;
  UserArnSession?: string;
}

export interface Parameter {
  ParameterKey: string;
  Description?: string;
  ParameterConstraints?: { AllowedValues?: string[] | null; AllowedPattern?: string };
}

export interface RecordDetail {
  RecordId: string;
  RecordType: string;
  Status: string;
  CreatedTime?: string;
  UpdatedTime?: string;
  ProvisionedProductId?: string;
  RecordErrors?: { Code: string; Description: string }[] | null;
}

export interface Output {
  OutputKey: string;
  OutputValue: string;
  Description?: string;
}

// The product whose launches the factory takes, by the type that AWS gives it.
export const accountType = "CONTROL_TOWER_ACCOUNT";
export const accountProduct = "AWS Control Tower Account Factory";
