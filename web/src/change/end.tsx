import { useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
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

// UnmanageAccount takes an account out of Control Tower; it stays open.
export function UnmanageAccount({ params }: PageProps) {
  return <End id={params.id!} kind="unmanage" />;
}

// CloseAccount closes an account.
export function CloseAccount({ params }: PageProps) {
  return <End id={params.id!} kind="close" />;
}

type Ending = "unmanage" | "close";

function End({ id, kind }: { id: string; kind: Ending }) {
  const subject = useSubject(id);
  return (
    <Shown of={subject} what="read the account">
      {(s) => <Fields subject={s} kind={kind} key={kind} />}
    </Shown>
  );
}

const empty = { coolOff: "", reason: "" };

function Fields({ subject, kind }: { subject: Subject; kind: Ending }) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`${kind}/${place.account}/${place.role}/${subject.id}`, empty);
  const [typed, setTyped] = useState("");
  const input = { kind, account: subject.id, ...(kind === "close" && draft.coolOff && { coolOff: draft.coolOff }), ...(draft.reason && { reason: draft.reason }) };
  const checks = useChecks(input);
  const called = subject.name || subject.id;
  const closes = kind === "close";
  return (
    <ChangeForm
      title={`${closes ? "Close" : "Unmanage"} ${called}`}
      description={closes ? "The account leaves Control Tower and is closed" : "The account leaves Control Tower and stays open. Terminating its provisioned product does this, and no more."}
      input={input}
      checks={checks}
      ready={typed === called}
      submitText={closes ? "Close account" : "Unmanage account"}
      cancel={place.href(whereFrom(subject))}
      done={clear}
    >
      {closes ? <Closing /> : <Unmanaging />}
      <Container header={<Header variant="h2">Confirm</Header>}>
        <SpaceBetween size="xs">
          {closes && (
            <CheckedInput
              field="coolOff"
              label="Wait before closing"
              description="Until then the request can be cancelled. Such as 72h, up to 2160h; 0s closes at once; empty takes what the factory is set up for."
              value={draft.coolOff}
              change={(coolOff) => change({ coolOff })}
              checks={checks}
              tried={false}
            />
          )}
          <FormField label={`Type ${called} to confirm`}>
            <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoComplete={false} spellcheck={false} />
          </FormField>
        </SpaceBetween>
      </Container>
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}

// Source: Account Management Reference Guide, "Close an AWS account".
function Closing() {
  return (
    <Alert type="warning" header="Closing ends everything in the account">
      <ul>
        <li>Within minutes nobody can use it, and what runs in it stops.</li>
        <li>For 90 days AWS Support can reopen it. After that the account and all that is in it are gone for good.</li>
        <li>AWS bills what was used until the closing. Reserved Instances, Savings Plans and subscriptions of AWS Marketplace cost on until they end or are cancelled: cancel those first.</li>
        <li>Its e-mail cannot be used for another account.</li>
      </ul>
    </Alert>
  );
}

function Unmanaging() {
  return (
    <Alert type="info" header="The account stays open, and costs what it costs">
      Control Tower takes away what it put into the account and moves it to the root of the organization. Its users keep their access. It can be enrolled again.
    </Alert>
  );
}
