import { useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Refusal } from "../common/refusal";
import { useSubmit } from "../common/submit";
import { Trouble } from "../common/trouble";
import { CheckList } from "./checklist";
import { useChecks } from "./checks";

type Ending = "unmanage" | "close";

// Terminate ends a provisioned product, once the account's name was typed: the account leaves Control Tower and stays open, or is closed.
export function Terminate({ account, name, close }: { account: string; name: string; close: () => void }) {
  const [kind, setKind] = useState<Ending>("unmanage");
  const [typed, setTyped] = useState("");
  const input = { kind, account };
  const checks = useChecks(input);
  const submission = useSubmit();
  const failed = checks.plan?.checks.some((c) => c.result === "failed") ?? true;
  return (
    <Modal
      visible
      header={`Terminate ${name}?`}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={typed !== name || failed || checks.pending || !!checks.error} loading={submission.busy} onClick={() => void submission.submit(input)}>
              {kind === "close" ? "Close account" : "Unmanage account"}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FormField label="What happens to the account">
          <RadioGroup
            value={kind}
            onChange={({ detail }) => setKind(detail.value as Ending)}
            items={[
              { value: "unmanage", label: "It leaves Control Tower and stays open", description: "Terminating the provisioned product does this, and no more." },
              { value: "close", label: "It leaves Control Tower and is closed", description: "AWS Support reopens it within 90 days. Its e-mail cannot be used again." },
            ]}
          />
        </FormField>
        {checks.error ? <Trouble error={checks.error} what="terminate it" /> : <CheckList checks={(checks.plan?.checks ?? []).filter((c) => c.result !== "ok")} />}
        {kind === "close" && <Alert type="warning">Everything in the account stops.</Alert>}
        <Refusal error={submission.error} />
        <FormField label={`Type ${name} to confirm`}>
          <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} autoComplete={false} spellcheck={false} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
