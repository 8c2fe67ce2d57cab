import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";

// Copied is a text with a button that copies it.
export function Copied({ text, what }: { text: string; what: string }) {
  return (
    <CopyToClipboard variant="inline" textToCopy={text} textToDisplay={text} copyButtonAriaLabel={`Copy ${what}`} copySuccessText="Copied" copyErrorText="Could not copy" />
  );
}
