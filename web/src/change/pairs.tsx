import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Input from "@cloudscape-design/components/input";

// Pair is a name with a value, as it is typed.
export interface Pair {
  key: string;
  value: string;
}

interface Props {
  pairs: Pair[];
  change: (pairs: Pair[]) => void;
  noun: string; // "tag", "field"
}

// Pairs is a list of names with values that grows and shrinks.
export function Pairs({ pairs, change, noun }: Props) {
  const set = (at: number, part: Partial<Pair>) => change(pairs.map((p, i) => (i === at ? { ...p, ...part } : p)));
  const twice = (p: Pair) => p.key !== "" && pairs.filter((o) => o.key.trim() === p.key.trim()).length > 1;
  const column = (member: keyof Pair, text: string) => ({
    label: text,
    control: (p: Pair, i: number) => <Input ariaLabel={`${text} of ${noun} ${i + 1}`} value={p[member]} onChange={({ detail }) => set(i, { [member]: detail.value })} autoComplete={false} spellcheck={false} />,
    errorText: (p: Pair) => (member === "key" && twice(p) ? "There are two of this name." : null),
  });
  return (
    <AttributeEditor<Pair>
      items={pairs}
      definition={[column("key", "Name"), column("value", "Value")]}
      empty="None"
      addButtonText={`Add a ${noun}`}
      removeButtonText="Remove"
      removeButtonAriaLabel={(p) => `Remove the ${noun} ${p.key || "without a name"}`}
      onAddButtonClick={() => change([...pairs, { key: "", value: "" }])}
      onRemoveButtonClick={({ detail }) => change(pairs.filter((_, i) => i !== detail.itemIndex))}
      i18nStrings={{ errorIconAriaLabel: "Error", itemRemovedAriaLive: `The ${noun} is removed.` }}
    />
  );
}

// recordOf gives the pairs that have a name.
export function recordOf(pairs: Pair[]): Record<string, string> | undefined {
  const named = pairs.filter((p) => p.key.trim()).map((p) => [p.key.trim(), p.value] as const);
  return named.length > 0 ? Object.fromEntries(named) : undefined;
}
