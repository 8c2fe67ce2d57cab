import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ChangeForm } from "../catalog/changeform";
import { useChecks } from "../catalog/checks";
import { UnitField } from "../catalog/unitfield";
import { Reason } from "../change/reason";
import { ExtrasSection, extrasOf, finished, noExtras } from "../change/extras";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { useAddress } from "../router/history";
import { readAccounts } from "./read";
import { SSOUserSection } from "./ssouser";

const empty = { account: "", ou: "", ssoUserEmail: "", ssoUserFirstName: "", ssoUserLastName: "", reason: "", extras: noExtras };

// EnrollAccount brings an account of the organization under Control Tower.
export function EnrollAccount() {
  const place = useHere();
  const asked = useAddress().searchParams.get("account") ?? "";
  const [draft, change, clear] = useDraft(`enroll/${place.account}/${place.role}/${asked}`, { ...empty, account: asked });
  const accounts = useResource("accounts", async () => (place.plain ? [] : readAccounts(place.aws)));
  const { extras, ...typed } = draft;
  const input = { kind: "enroll" as const, ...Object.fromEntries(Object.entries(typed).filter(([, v]) => v)), ...extrasOf(extras) };
  const checks = useChecks(input);
  const options = (accounts.data ?? []).map((a) => ({ value: a.Id, label: a.Name, description: `${a.Id} ${a.Email}` }));
  return (
    <ChangeForm
      title="Enroll account"
      description="The account needs the role AWSControlTowerExecution, which trusts the management account"
      input={input}
      checks={checks}
      ready={draft.account !== "" && finished(extras)}
      submitText="Enroll account"
      cancel={place.href("/controltower/organization")}
      done={clear}
    >
      <Container header={<Header variant="h2">Account</Header>}>
        <SpaceBetween size="xs">
          <FormField label="Account" description={place.plain || accounts.error ? "Its id, as the list of accounts cannot be read here" : undefined}>
            {place.plain || accounts.error ? (
              <Input value={draft.account} onChange={({ detail }) => change({ account: detail.value })} inputMode="numeric" autoComplete={false} />
            ) : (
              <Select
                selectedOption={options.find((o) => o.value === draft.account) ?? (draft.account ? { value: draft.account, label: draft.account } : null)}
                options={options}
                onChange={({ detail }) => change({ account: detail.selectedOption.value ?? "" })}
                filteringType="auto"
                filteringAriaLabel="Search accounts"
                virtualScroll
                statusType={accounts.loading ? "loading" : "finished"}
                placeholder="Choose an account of the organization"
              />
            )}
          </FormField>
          <UnitField value={draft.ou} change={(ou) => change({ ou })} />
        </SpaceBetween>
      </Container>
      <SSOUserSection user={draft} change={change} checks={checks} />
      <ExtrasSection extras={extras} change={(part) => change({ extras: { ...extras, ...part } })} checks={checks} />
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}
