import HelpPanel from "@cloudscape-design/components/help-panel";
import type { PageName } from "../router/patterns";
import { helpTexts } from "./helptexts";

// Help says what a page is for and what to know before using it.
export function Help({ page }: { page: PageName }) {
  const { title, lines } = helpTexts[page];
  return (
    <HelpPanel header={<h2>{title}</h2>}>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </HelpPanel>
  );
}
