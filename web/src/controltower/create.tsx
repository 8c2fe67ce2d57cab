import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ChangeForm } from "../catalog/changeform";
import { useChecks } from "../catalog/checks";
import { CheckedInput } from "../catalog/field";
import { UnitField } from "../catalog/unitfield";
import { Reason } from "../change/reason";
import { ExtrasSection, extrasOf, finished, noExtras } from "../change/extras";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { SSOUserSection } from "./ssouser";

const empty = { name: "", accountEmail: "", ou: "", ssoUserEmail: "", ssoUserFirstName: "", ssoUserLastName: "", reason: "", extras: noExtras };

// CreateAccount is the launch on one page, for who knows it: the same request as the wizard's.
export function CreateAccount() {
  const place = useHere();
  const [draft, change, clear] = useDraft(`create/${place.account}/${place.role}`, empty);
  const { extras, ...typed } = draft;
  const input = { ...typed, ...extrasOf(extras), kind: "launch" as const, region: place.region };
  const checks = useChecks(input);
  const both = { checks, tried: false };
  return (
    <ChangeForm
      title="Create account"
      description="A new account, governed by Control Tower from the start"
      input={input}
      checks={checks}
      ready={Object.entries(typed).every(([k, v]) => k === "reason" || v) && finished(extras)}
      submitText="Create account"
      cancel={place.href("/controltower/organization")}
      done={clear}
    >
      <Container header={<Header variant="h2">Account</Header>}>
        <SpaceBetween size="xs">
          <CheckedInput field="accountEmail" email label="Account e-mail" value={draft.accountEmail} change={(accountEmail) => change({ accountEmail })} {...both} />
          <CheckedInput field="name" label="Display name" value={draft.name} change={(name) => change({ name })} {...both} />
          <UnitField value={draft.ou} change={(ou) => change({ ou })} />
        </SpaceBetween>
      </Container>
      <SSOUserSection user={draft} change={change} checks={checks} />
      <ExtrasSection extras={extras} change={(part) => change({ extras: { ...extras, ...part } })} checks={checks} />
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}
