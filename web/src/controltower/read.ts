import type { AWS } from "../api/aws";
import type { Account, EnabledBaseline, EnabledControl, LandingZoneDetail, Unit } from "./types";

// readLandingZone gives the landing zone, null where there is none.
export async function readLandingZone(aws: AWS): Promise<LandingZoneDetail | null> {
  const [found] = await aws.all<{ Arn: string }>("controltower", "ListLandingZones", "LandingZones");
  if (!found) return null;
  const { LandingZone } = await aws.ask<{ LandingZone: LandingZoneDetail }>("controltower", "GetLandingZone", { LandingZoneIdentifier: found.Arn });
  return LandingZone;
}

export async function readRoot(aws: AWS): Promise<Unit> {
  const [root] = await aws.all<Unit>("organizations", "ListRoots", "Roots");
  if (!root) throw new Error("The organization has no root.");
  return root;
}

export const readUnits = (aws: AWS, parent: string) => aws.all<Unit>("organizations", "ListOrganizationalUnitsForParent", "OrganizationalUnits", { ParentId: parent });

// Every unit with the names of those above it, a name per level.
export async function readAllUnits(aws: AWS): Promise<(Unit & { path: string })[]> {
  const out: (Unit & { path: string })[] = [];
  const walk = async (parent: string, path: string): Promise<void> => {
    for (const unit of await readUnits(aws, parent)) {
      const own = path ? `${path}/${unit.Name}` : unit.Name;
      out.push({ ...unit, path: own });
      await walk(unit.Id, own);
    }
  };
  await walk((await readRoot(aws)).Id, "");
  return out;
}

export const readAccounts = (aws: AWS) => aws.all<Account>("organizations", "ListAccounts", "Accounts");

// readBaselines gives what is enabled on organizational units, and on accounts where asked for.
export const readBaselines = (aws: AWS, children = false) =>
  aws.all<EnabledBaseline>("controltower", "ListEnabledBaselines", "EnabledBaselines", children ? { IncludeChildren: true } : {});

// readTowerBaseline gives the identifier of the baseline that puts a unit under Control Tower.
export async function readTowerBaseline(aws: AWS): Promise<{ tower: string; identity: string }> {
  const all = await aws.all<{ Arn: string; Name: string }>("controltower", "ListBaselines", "Baselines");
  const named = (name: string) => all.find((b) => b.Name === name)?.Arn ?? "";
  return { tower: named("AWSControlTowerBaseline"), identity: named("IdentityCenterBaseline") };
}

export const readControls = (aws: AWS, unit: string) =>
  aws.all<EnabledControl>("controltower", "ListEnabledControls", "EnabledControls", unit ? { TargetIdentifier: unit } : {});
