import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { ExtrasSection, finished } from "../change/extras";
import { useHere } from "../common/place";
import { Trouble } from "../common/trouble";
import { type Checks, checksOf, general, sentence } from "./checks";
import { CheckedInput } from "./field";
import { Remedy } from "./remedy";
import { Said } from "./said";
import type { Draft } from "./launch";
import type { Parameter } from "./types";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  parameters: Parameter[];
  checks: Checks;
  tried: boolean;
}

// What becomes of an SSO user who is not there yet.
const newUser = {
  "identity-center": "A new user is invited by mail; one that exists is used as it is.",
  external: "Users come from your identity provider: one who is not there yet is waited for. One that exists is used as it is.",
};

// ParameterStep asks for the six parameters of the product, each with what the factory says of it as it is typed. What is about
// none of them stands last, by the button that it keeps from going on.
export function ParameterStep({ draft, change, parameters, checks, tried }: Props) {
  const units = parameters.find((p) => p.ParameterKey === "ManagedOrganizationalUnit")?.ParameterConstraints?.AllowedValues ?? [];
  const unitCheck = checksOf(checks, "ou").find((c) => c.result === "failed");
  const unitWrong = draft.ou && unitCheck ? sentence(unitCheck) : tried && !draft.ou ? "Choose one." : undefined;
  const { session } = useHere();
  const all = { checks, tried };
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2" description="Becomes administrator of the account">SSO user</Header>}>
        <SpaceBetween size="xs">
          <CheckedInput field="ssoUserEmail" email label="SSOUserEmail" description={newUser[session.identitySource]} value={draft.ssoUserEmail} change={(ssoUserEmail) => change({ ssoUserEmail })} {...all} />
          <CheckedInput field="ssoUserFirstName" label="SSOUserFirstName" value={draft.ssoUserFirstName} change={(ssoUserFirstName) => change({ ssoUserFirstName })} {...all} />
          <CheckedInput field="ssoUserLastName" label="SSOUserLastName" value={draft.ssoUserLastName} change={(ssoUserLastName) => change({ ssoUserLastName })} {...all} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">Account</Header>}>
        <SpaceBetween size="xs">
          <CheckedInput field="accountEmail" email label="AccountEmail" description="Must not belong to any AWS account, closed ones of the last 90 days included." value={draft.accountEmail} change={(accountEmail) => change({ accountEmail })} {...all} />
          <CheckedInput field="name" label="AccountName" value={draft.name} change={(name) => change({ name })} {...all} />
          <FormField
            label="ManagedOrganizationalUnit"
            description="Organizational units that are registered with Control Tower"
            constraintText={<Said wrong={unitWrong} short />}
          >
            <Select
              invalid={!!unitWrong}
              selectedOption={draft.ou ? { value: draft.ou, label: draft.ou } : null}
              onChange={({ detail }) => change({ ou: detail.selectedOption.value ?? "" })}
              options={units.map((value) => ({ value, label: value }))}
              placeholder="Choose an organizational unit"
              filteringType={units.length > 10 ? "auto" : "none"}
              filteringAriaLabel="Search organizational units"
              empty="No organizational unit is registered"
            />
          </FormField>
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">For the record</Header>}>
        <FormField label={<>Reason <i>- optional</i></>} description="Shown with the request and in the audit log">
          <Textarea value={draft.reason} onChange={({ detail }) => change({ reason: detail.value })} rows={2} />
        </FormField>
      </Container>
      <ExtrasSection extras={draft.extras} change={(part) => change({ extras: { ...draft.extras, ...part } })} checks={checks} />
      {tried && !finished(draft.extras) && <Alert type="error">A line under More is not finished, and would not be sent.</Alert>}
      {checks.error && <Trouble error={checks.error} what="check the parameters" />}
      {general(checks).map((c) => (
        <Alert key={c.name + c.seen} type="error" action={<Remedy check={c} checks={checks} />}>
          {sentence(c)}
        </Alert>
      ))}
    </SpaceBetween>
  );
}
