import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Checks } from "../catalog/checks";
import { CheckedInput } from "../catalog/field";

// SSOUser is whom an account is given to, as it is typed.
interface SSOUser {
  ssoUserEmail: string;
  ssoUserFirstName: string;
  ssoUserLastName: string;
}

interface Props {
  user: SSOUser;
  change: (part: Partial<SSOUser>) => void;
  checks: Checks;
}

// SSOUserSection asks for the SSO user of an account.
export function SSOUserSection({ user, change, checks }: Props) {
  const both = { checks, tried: false };
  return (
    <Container header={<Header variant="h2" description="Becomes administrator of the account">IAM Identity Center user</Header>}>
      <SpaceBetween size="xs">
        <CheckedInput field="ssoUserEmail" email label="User e-mail" value={user.ssoUserEmail} change={(ssoUserEmail) => change({ ssoUserEmail })} {...both} />
        <CheckedInput field="ssoUserFirstName" label="First name" value={user.ssoUserFirstName} change={(ssoUserFirstName) => change({ ssoUserFirstName })} {...both} />
        <CheckedInput field="ssoUserLastName" label="Last name" value={user.ssoUserLastName} change={(ssoUserLastName) => change({ ssoUserLastName })} {...both} />
      </SpaceBetween>
    </Container>
  );
}
