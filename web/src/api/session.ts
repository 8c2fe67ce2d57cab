import { call } from "./call";

// Session is who is signed in, and to what.
export interface Session {
  user: { id: string; userName: string; displayName: string; email: string };
  expiresAt: string;
  cloud: "twin" | "aws";
  region: string; // Control Tower's home Region
  managementAccount: string;
  organizationId: string;
  version: string;
}

export const readSession = () => call<Session>("GET", "/api/v1/session");

export async function signOut(): Promise<void> {
  await call("POST", "/api/v1/session/sign-out", { body: {} });
  sessionStorage.clear(); // drafts are the person's who typed them
  location.assign("/sign-in?return=%2F");
}
