// What Organizations and Control Tower answer, as far as the pages show it.

export interface Unit {
  Id: string;
  Arn: string;
  Name: string;
}

export interface Account {
  Id: string;
  Arn?: string;
  Name: string;
  Email: string;
  Status?: string;
  State?: string; // the newer word for Status
  JoinedMethod?: string;
  JoinedTimestamp?: string;
}

export interface EnabledBaseline {
  Arn: string;
  BaselineIdentifier: string;
  BaselineVersion?: string;
  TargetIdentifier: string;
  ParentIdentifier?: string;
  StatusSummary?: { Status: string };
}

export interface LandingZoneDetail {
  Arn: string;
  Version: string;
  LatestAvailableVersion?: string;
  Status?: string;
  DriftStatus?: { Status: string };
  Manifest?: unknown;
  RemediationTypes?: string[] | null;
}

export interface EnabledControl {
  Arn: string;
  ControlIdentifier: string;
  TargetIdentifier: string;
  StatusSummary?: { Status: string };
  DriftStatusSummary?: { DriftStatus: string };
}

export const stateOf = (a: Account) => a.State || a.Status || "";
