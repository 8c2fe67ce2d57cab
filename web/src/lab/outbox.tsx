import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import { Look } from "../common/look";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";

interface Mail {
  To: string;
  Name: string;
  Subject: string;
  Text: string;
  Link?: string;
}

const askEvery = 5000;

// Outbox is the mail that the twin has sent: it reaches nobody else. The newest is first.
export function Outbox() {
  const { twin } = useHere();
  const list = useResource(
    "outbox",
    async () => {
      const { mails } = await twin.get<{ mails: Mail[] }>("outbox");
      return mails.map((m, number) => ({ ...m, number })).reverse();
    },
    askEvery,
  );
  return (
    <List
      of={list}
      what="read the outbox"
      title="Outbox"
      description="Mail of the twin. It leaves this machine for nobody."
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
