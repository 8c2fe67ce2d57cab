import { useMemo } from "react";
import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import { Look } from "../common/look";
import { List } from "../common/list";
import { useMessages } from "./messages";

interface Mail {
  To: string;
  Name: string;
  Subject: string;
  Text: string;
  Link?: string;
}

// Outbox is the mail that the twin has sent, the newest first.
export function Outbox() {
  const { list, kept } = useMessages<Mail>("outbox", "mails");
  const numbered = useMemo(() => list.data?.map((m, i, all) => ({ ...m, number: all.length - i })), [list.data]);
  return (
    <List
      of={{ ...list, data: numbered }}
      what="read the outbox"
      title="Outbox"
      description={`Mail of the twin. It leaves this machine for nobody, unless a mail server is set. ${kept}`}
      track={(m) => String(m.number)}
      columns={[
        { id: "to", header: "To", cell: (m) => m.To, sortingField: "To", isRowHeader: true },
        { id: "subject", header: "Subject", cell: (m) => m.Subject, sortingField: "Subject" },
        { id: "link", header: "Link", cell: (m) => (m.Link ? <Link href={m.Link} external>Open the link</Link> : "-") },
        {
          id: "text",
          header: "Text",
          cell: (m) => (
            <Look text="Read" title={m.Subject}>
              <Box variant="pre">{m.Text}</Box>
            </Look>
          ),
        },
      ]}
      empty="No mail was sent."
    />
  );
}
