import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useHere } from "../common/place";
import { awsConsole, awsRole, type AWSService, awsServiceName } from "./awsconsole";

// Elsewhere stands, on AWS, for a page that AWS's own console has.
export function Elsewhere({ service, account }: { service: AWSService; account?: string }) {
  const { session, account: opened, role, plain } = useHere();
  const entry = plain ? "" : awsRole(session, opened, role);
  const name = awsServiceName[service];
  return (
    <Container header={<Header variant="h1">{name}</Header>}>
      <SpaceBetween size="m">
        <Box>
          This is AWS, and AWS has a console for {name}. What concerns accounts of the factory, such as launching, changing and closing them, is done here: it is checked, waits for its turn and is on record.
        </Box>
        <Link href={awsConsole(service, session, account)} external variant="primary">
          Open {name} in AWS's console ({session.region})
        </Link>
        {entry && (
          <Link href={entry} external>
            Sign in there as {role} first
          </Link>
        )}
      </SpaceBetween>
    </Container>
  );
}

// NoRole stands for a page that shows AWS with a role's credentials, to people who have none.
export function NoRole() {
  return (
    <Container header={<Header variant="h1">Not without a role of AWS</Header>}>
      <Box>You signed in without accounts and roles of AWS. Requests, their status and the forms of the factory are yours; this page shows AWS itself.</Box>
    </Container>
  );
}

// NoLab stands for the lab, on AWS.
export function NoLab() {
  return (
    <Container header={<Header variant="h1">There is no lab on AWS</Header>}>
      <Box>Mail, clock, faults and scenarios belong to the twin, on which things are tried. This is AWS.</Box>
    </Container>
  );
}
