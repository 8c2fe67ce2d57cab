import type { ReactNode } from "react";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Input } from "../api/factory";
import { useMeant } from "../common/meant";
import { Refusal } from "../common/refusal";
import { useSubmit } from "../common/submit";
import { Trouble } from "../common/trouble";
import { CheckList } from "./checklist";
import type { Checks } from "./checks";
import { DryRun } from "./dryrun";

interface Props {
  title: string;
  description?: ReactNode;
  input: Input;
  checks: Checks;
  ready?: boolean; // what the factory does not check is filled in
  submitText: string;
  cancel: string; // where giving up leads
  done?: () => void;
  children: ReactNode;
}

// ChangeForm asks the factory for one thing on one page: fields, what the checks say, what would be written, and the button.
export function ChangeForm({ title, description, input, checks, ready = true, submitText, cancel, done, children }: Props) {
  const submission = useSubmit();
  const { meant, dialog } = useMeant(input.kind === "launch", input.name ?? "");
  const failed = checks.plan?.checks.some((c) => c.result === "failed") ?? true;
  const able = ready && !failed && !checks.pending && !checks.error;
  return (
    <Form
      header={
        <Header variant="h1" description={description}>
          {title}
        </Header>
      }
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" href={cancel}>
            Cancel
          </Button>
          <Button variant="primary" disabled={!able} disabledReason={checks.pending ? "Checking…" : "Something above is missing or was refused."} loading={submission.busy} onClick={() => meant(() => void submission.submit(input, done))}>
            {submitText}
          </Button>
        </SpaceBetween>
      }
    >
      {dialog}
      <SpaceBetween size="l">
        <Refusal error={submission.error} />
        {children}
        {checks.error ? (
          <Trouble error={checks.error} what="check the request" />
        ) : (
          <Container header={<Header variant="h2" description={checks.pending ? "Checking…" : "As the organization is now"}>Checks</Header>}>
            <CheckList of={checks} />
          </Container>
        )}
        <DryRun plan={checks.plan} />
      </SpaceBetween>
    </Form>
  );
}
