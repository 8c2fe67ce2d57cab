import { call } from "./call";

// PortalAccount is an account that the person signed in may enter.
export interface PortalAccount {
  accountId: string;
  name: string;
  email: string;
  management: boolean;
}

// Keys are a role's credentials for command lines. They are asked for by a click and kept nowhere.
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: string;
  region: string;
}

const of = (account: string) => `/api/v1/portal/accounts/${encodeURIComponent(account)}/roles`;

export const accounts = async () => (await call<{ accounts: PortalAccount[] }>("GET", "/api/v1/portal/accounts")).accounts;

export const roles = async (account: string) => (await call<{ roles: { name: string }[] }>("GET", of(account))).roles;

export const keys = (account: string, role: string) => call<Keys>("POST", `${of(account)}/${encodeURIComponent(role)}/keys`, { body: {} });
