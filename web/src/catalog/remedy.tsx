import Button from "@cloudscape-design/components/button";
import type { Check } from "../api/error";
import { useStanding } from "../change/subject";
import { useAct } from "../common/act";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import type { Checks } from "./checks";

// The service that changes names, e-mails and contacts of an organization's accounts, once the organization lets it.
const accountManagement = "account.amazonaws.com";

// Remedy offers to do what makes a failed check pass, where that is one call that operators may make.
export function Remedy({ check, checks }: { check: Check; checks: Checks }) {
  const { aws, session, plain } = useHere();
  const standing = useStanding();
  const [busy, act] = useAct();
  if (check.name !== "account-management" || check.result !== "failed" || standing !== "operator" || plain || session.cloud !== "twin") return null;
  const enable = async () => {
    if ((await act("enable trusted access", () => aws.ask("organizations", "EnableAWSServiceAccess", { ServicePrincipal: accountManagement }))) === undefined) return;
    flash("success", "Account Management has trusted access to the organization");
    checks.again();
  };
  return (
    <Button loading={busy} onClick={() => void enable()}>
      Enable trusted access
    </Button>
  );
}
