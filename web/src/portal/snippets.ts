import type { Keys } from "../api/portal";

const variables = (k: Keys): [string, string][] => [
  ["AWS_ACCESS_KEY_ID", k.accessKeyId],
  ["AWS_SECRET_ACCESS_KEY", k.secretAccessKey],
  ["AWS_SESSION_TOKEN", k.sessionToken],
  ["AWS_REGION", k.region],
];

export const shell = (k: Keys) => variables(k).map(([name, value]) => `export ${name}="${value}"`).join("\n");

export const powershell = (k: Keys) => variables(k).map(([name, value]) => `$Env:${name}="${value}"`).join("\n");

// profile is a section of the credentials file, named as AWS's portal names it.
export const profile = (account: string, role: string, k: Keys) =>
  [
    `[${account}_${role}]`,
    `aws_access_key_id=${k.accessKeyId}`,
    `aws_secret_access_key=${k.secretAccessKey}`,
    `aws_session_token=${k.sessionToken}`,
    `region=${k.region}`,
  ].join("\n");
