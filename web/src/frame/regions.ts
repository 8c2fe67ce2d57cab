// Regions that Control Tower may have at home, by the names AWS gives them.
const names: Record<string, string> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "ca-central-1": "Canada (Central)",
  "eu-central-1": "Europe (Frankfurt)",
  "eu-west-1": "Europe (Ireland)",
  "eu-west-2": "Europe (London)",
  "eu-west-3": "Europe (Paris)",
  "eu-north-1": "Europe (Stockholm)",
  "ap-south-1": "Asia Pacific (Mumbai)",
  "ap-northeast-1": "Asia Pacific (Tokyo)",
  "ap-northeast-2": "Asia Pacific (Seoul)",
  "ap-southeast-1": "Asia Pacific (Singapore)",
  "ap-southeast-2": "Asia Pacific (Sydney)",
  "sa-east-1": "South America (São Paulo)",
};

export const regionName = (id: string) => names[id] ?? id;

// regionsFrom lists the Regions, the home Region first.
export const regionsFrom = (home: string) => [home, ...Object.keys(names).filter((id) => id !== home)];

export const isRegion = (id: string) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(id);
