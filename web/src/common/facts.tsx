import KeyValuePairs, { type KeyValuePairsProps } from "@cloudscape-design/components/key-value-pairs";

// Facts are names with values. On a narrow screen they stand below one another, so that addresses and ids stay whole.
export function Facts(p: Pick<KeyValuePairsProps, "columns" | "items">) {
  return <KeyValuePairs {...p} minColumnWidth={190} />;
}
