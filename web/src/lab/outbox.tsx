import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import { Look } from "../common/look";
import { List } from "../common/list";
import { Time } from "../common/time";
import { useMessages } from "./messages";

interface Mail {
  id: string;
  at: string;
  to: string;
  subject: string;
  text: string;
  link?: string;
}

// Outbox is the mail that the twin has sent, the newest first.
export function Outbox() {
  const { list, kept } = useMessages<Mail>("outbox", "mails");
  return (
    <List
      of={list}
      what="read the outbox"
      title="Outbox"
      description={`Mail of the twin. It leaves this machine for nobody, unless a mail server is set. ${kept}`}
      track={(m) => m.id}
      columns={[
        { id: "to", header: "To", cell: (m) => m.to, sortingField: "to", isRowHeader: true },
        { id: "subject", header: "Subject", cell: (m) => m.subject, sortingField: "subject" },
        { id: "at", header: "Sent", cell: (m) => <Time at={m.at} />, sortingField: "at" },
        { id: "link", header: "Link", cell: (m) => (m.link ? <Link href={m.link} external>Open the link</Link> : "-") },
        {
          id: "text",
          header: "Text",
          cell: (m) => (
            <Look text="Read" title={m.subject}>
              <Box variant="pre">{m.text}</Box>
            </Look>
          ),
        },
      ]}
      empty="No mail was sent."
    />
  );
}
