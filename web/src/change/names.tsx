import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ChangeForm } from "../catalog/changeform";
import { useChecks } from "../catalog/checks";
import { CheckedInput } from "../catalog/field";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { Shown } from "../common/shown";
import type { PageProps } from "../pages";
import { Reason } from "./reason";
import { type Subject, useSubject, whereFrom } from "./subject";

const empty = { newName: "", newEmail: "", reason: "" };

// ChangeNames gives an account another name or another e-mail.
export function ChangeNames({ params }: PageProps) {
  const subject = useSubject(params.id!);
  return (
    <Shown of={subject} what="read the account">
      {(s) => <Fields subject={s} />}
    </Shown>
  );
}

function Fields({ subject }: { subject: Subject }) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`names/${place.account}/${place.role}/${subject.id}`, empty);
  const input = { kind: "update" as const, account: subject.id, ...Object.fromEntries(Object.entries(draft).filter(([, v]) => v)) };
  const checks = useChecks(input);
  const both = { checks, tried: false };
  return (
    <ChangeForm
      title={`Change name and e-mail of ${subject.name || subject.id}`}
      description="What is left empty stays as it is. The provisioned product keeps its name."
      input={input}
      checks={checks}
      ready={draft.newName.trim() !== "" || draft.newEmail.trim() !== ""}
      submitText="Change"
      cancel={place.href(whereFrom(subject))}
      done={clear}
    >
      <Container header={<Header variant="h2">Account</Header>}>
        <SpaceBetween size="xs">
          <CheckedInput field="newName" label="New name" description={subject.name && `Now ${subject.name}`} value={draft.newName} change={(newName) => change({ newName })} {...both} />
          <CheckedInput
            field="newEmail"
            also="accountEmail"
            email
            label="New e-mail"
            description={`${subject.email && `Now ${subject.email}. `}AWS mails a code to the new address; the request then waits until somebody who reads it there gives it.`}
            value={draft.newEmail}
            change={(newEmail) => change({ newEmail })}
            {...both}
          />
        </SpaceBetween>
      </Container>
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}
