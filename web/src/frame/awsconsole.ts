import type { Session } from "../api/session";

// What AWS's own console has pages for. On AWS ours links there instead of playing it.
export type AWSService = "controltower" | "organizations" | "identitycenter";

export const awsServiceName: Record<AWSService, string> = { controltower: "AWS Control Tower", organizations: "AWS Organizations", identitycenter: "IAM Identity Center" };

// awsConsole is the address of a service, or of one account of the organization, in AWS's console.
export function awsConsole(service: AWSService, session: Session, account = ""): string {
  const base = session.consoleUrl?.replace(/\/(console\/home.*)?(\?.*)?$/, "") || `https://${session.region}.console.aws.amazon.com`;
  switch (service) {
    case "controltower":
      return `${base}/controltower/home?region=${session.region}`;
    case "identitycenter":
      return `${base}/singlesignon/home?region=${session.region}`;
    case "organizations":
      return `${base}/organizations/v2/home/accounts${account && "/" + account}`;
  }
}

// awsRole is the address at which a role's own console opens, "" where the access portal is not known.
export const awsRole = (session: Session, account: string, role: string) =>
  session.portalUrl ? `${session.portalUrl.replace(/\/$/, "")}/#/console?account_id=${account}&role_name=${encodeURIComponent(role)}` : "";
