import { call } from "./call";
import type { Standing } from "./factory";

// Session is who is signed in, and to what.
export interface Session {
  user: { id: string; userName: string; displayName: string; email: string };
  expiresAt: string;
  cloud: "twin" | "aws";
  region: string; // Control Tower's home Region
  managementAccount: string;
  organizationId: string;
  identitySource: "identity-center" | "external"; // where SSO users come from
  version: string;
  signIn?: string; // the kind of sign-in this session came of
  awsRoles?: boolean; // false for people who have no accounts and roles here, only a role of the factory
  factoryRole?: Standing; // theirs
  consoleUrl?: string; // on AWS: its own console in the home Region
  portalUrl?: string; // on AWS, where known: the access portal
}

// hasRoles tells whether somebody opens accounts with roles. Others are in the factory, and nowhere else.
export const hasRoles = (s: Session) => s.awsRoles !== false;

export const readSession = () => call<Session>("GET", "/api/v1/session");

export async function signOut(): Promise<void> {
  const out = await call<{ next?: string } | undefined>("POST", "/api/v1/session/sign-out", { body: {} });
  sessionStorage.clear(); // drafts are the person's who typed them
  location.assign(out?.next ?? "/sign-in?return=%2F"); // next: where a provider's own sign-in ends
}
