import Flashbar from "@cloudscape-design/components/flashbar";
import Link from "@cloudscape-design/components/link";
import { dismiss, useFlashes } from "../common/flash";
import { useAddress } from "../router/history";

// Flashes shows what was done or went wrong, newest last.
export function Flashes() {
  const path = useAddress().pathname;
  return (
    <Flashbar
      items={useFlashes().filter((f) => !f.on || f.on === path).map((f) => ({
        id: f.id,
        type: f.type,
        header: f.header,
        content: (
          <>
            {f.content} {f.href && <Link href={f.href} color="inverted">{f.linkText}</Link>}
          </>
        ),
        dismissible: true,
        dismissLabel: "Close this message",
        onDismiss: () => dismiss(f.id),
      }))}
    />
  );
}
