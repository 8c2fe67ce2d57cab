import type { ReactNode } from "react";
import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Undone } from "./act";
import { Trouble } from "./trouble";

interface Props {
  visible: boolean;
  title: string;
  action: string;
  close: () => void;
  go: () => void;
  able?: boolean;
  busy?: boolean;
  typed?: string; // what has to be typed first
  undone?: Undone; // why it was not done
  children?: ReactNode;
}

// Confirm asks before something that is not easily undone, or takes what is needed for it.
export function Confirm({ visible, title, action, close, go, able = true, busy, typed, undone, children }: Props) {
  const [text, setText] = useState("");
  return (
    <Modal
      visible={visible}
      header={title}
      closeAriaLabel="Close"
      onDismiss={close}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={close}>Cancel</Button>
            <Button variant="primary" disabled={!able || (typed !== undefined && text !== typed)} loading={busy} onClick={go}>
              {action}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {undone && <Trouble error={undone.error} what={undone.what} />}
        {children}
        {typed !== undefined && (
          <FormField label={`Type ${typed} to confirm`}>
            <Input value={text} onChange={({ detail }) => setText(detail.value)} autoComplete={false} />
          </FormField>
        )}
      </SpaceBetween>
    </Modal>
  );
}
