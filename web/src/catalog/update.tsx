import Alert from "@cloudscape-design/components/alert";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Input as Asked } from "../api/factory";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import type { PageProps } from "../pages";
import { ChangeForm } from "./changeform";
import { useChecks } from "./checks";
import { readWhole } from "./provisionedread";
import { UnitField } from "./unitfield";

const empty = { ou: "", ssoUserEmail: "", ssoUserFirstName: "", ssoUserLastName: "", removeOldAccess: false, reason: "" };

// UpdateProduct moves an account to another organizational unit, or gives it another administrator.
export function UpdateProduct({ params }: PageProps) {
  const { aws, factory } = useHere();
  const id = params.id!;
  const read = useResource(`provisioned/${id}`, () => readWhole(aws, factory, id));
  return (
    <Shown of={read} what="read the provisioned product">
      {({ product, requests }) => {
        const account = product?.PhysicalId ?? requests.find((r) => r.accountId)?.accountId ?? "";
        const name = requests[0]?.name ?? product?.Name ?? id;
        return account ? <Fields id={id} account={account} name={name} /> : <Alert type="warning">The product has no account yet: it cannot be updated.</Alert>;
      }}
    </Shown>
  );
}

function Fields({ id, account, name }: { id: string; account: string; name: string }) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`update/${place.account}/${place.role}/${id}`, empty);
  const input: Asked = { kind: "update", account, ...Object.fromEntries(Object.entries(draft).filter(([, v]) => v)) };
  const checks = useChecks(input);
  const text = (field: "ssoUserEmail" | "ssoUserFirstName" | "ssoUserLastName" | "reason", label: string, description?: string) => (
    <FormField label={label} description={description}>
      <Input value={draft[field]} onChange={({ detail }) => change({ [field]: detail.value })} autoComplete={false} />
    </FormField>
  );
  return (
    <ChangeForm
      title={`Update ${name}`}
      description="What is left empty stays as it is. Name and account e-mail have a page of their own."
      input={input}
      checks={checks}
      submitText="Update"
      cancel={place.href(`/servicecatalog/provisioned-products/${id}`)}
      done={clear}
    >
      <Container header={<Header variant="h2">Change</Header>}>
        <SpaceBetween size="m">
          <UnitField value={draft.ou} change={(ou) => change({ ou })} label="ManagedOrganizationalUnit" none="Leave as it is" />
          {text("ssoUserEmail", "SSOUserEmail", "Who becomes the account's administrator")}
          {text("ssoUserFirstName", "SSOUserFirstName")}
          {text("ssoUserLastName", "SSOUserLastName")}
          <Checkbox checked={draft.removeOldAccess} onChange={({ detail }) => change({ removeOldAccess: detail.checked })} description="AWS adds the new one and leaves the former one as it was.">
            The former SSO user loses administrator access
          </Checkbox>
          {text("reason", "Reason", "For the record")}
        </SpaceBetween>
      </Container>
    </ChangeForm>
  );
}
