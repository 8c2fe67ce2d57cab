import { type ReactNode, useState } from "react";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";

// Look is a link in a table that shows something long beside it.
export function Look({ text, title, children }: { text: string; title: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="inline-link" ariaLabel={`${text}: ${title}`} onClick={() => setOpen(true)}>
        {text}
      </Button>
      {open && (
        <Modal visible size="large" header={title} closeAriaLabel="Close" onDismiss={() => setOpen(false)}>
          {children}
        </Modal>
      )}
    </>
  );
}
