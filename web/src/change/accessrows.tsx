import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Autosuggest from "@cloudscape-design/components/autosuggest";
import Select from "@cloudscape-design/components/select";
import type { Access } from "../api/factory";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { emailOf, readGroups, readPermissionSets, readUsers } from "../identitycenter/read";

// AccessRow is a permission set for a group or a user, as it is typed.
export interface AccessRow {
  who: "group" | "user";
  name: string; // the group's name or the user's e-mail
  set: string;
}

const whos = [
  { value: "group", label: "Group" },
  { value: "user", label: "User" },
];

interface Props {
  rows: AccessRow[];
  change: (rows: AccessRow[]) => void;
  verb?: "Add" | "Take away";
}

// AccessRows is a list of groups and users with permission sets. It suggests the names that the opened role may read; others can be
// typed, and the checks know them.
export function AccessRows({ rows, change, verb = "Add" }: Props) {
  const { aws } = useHere();
  const known = useResource("access/names", async () => {
    const none = () => [];
    const [groups, users, sets] = await Promise.all([readGroups(aws).catch(none), readUsers(aws).catch(none), readPermissionSets(aws).catch(none)]);
    return { group: groups.map((g) => g.DisplayName), user: users.map(emailOf).filter(Boolean), set: sets.map((s) => s.Name) };
  });
  const set = (at: number, part: Partial<AccessRow>) => change(rows.map((r, i) => (i === at ? { ...r, ...part } : r)));
  const suggest = (label: string, value: string, options: string[], put: (value: string) => void, placeholder: string) => (
    <Autosuggest
      ariaLabel={label}
      value={value}
      options={options.map((o) => ({ value: o }))}
      onChange={({ detail }) => put(detail.value)}
      enteredTextLabel={(text) => `Use: ${text}`}
      placeholder={placeholder}
      empty="Type a name"
    />
  );
  return (
    <AttributeEditor<AccessRow>
      items={rows}
      definition={[
        {
          label: "Who",
          control: (r, i) => <Select ariaLabel={`Kind of ${i + 1}`} selectedOption={whos.find((w) => w.value === r.who) ?? null} options={whos} onChange={({ detail }) => set(i, { who: detail.selectedOption.value as AccessRow["who"], name: "" })} />,
        },
        { label: "Name", control: (r, i) => suggest(`Name of ${i + 1}`, r.name, known.data?.[r.who] ?? [], (name) => set(i, { name }), r.who === "group" ? "Group's name" : "User's e-mail") },
        { label: "Permission set", control: (r, i) => suggest(`Permission set of ${i + 1}`, r.set, known.data?.set ?? [], (text) => set(i, { set: text }), "Permission set") },
      ]}
      empty="None"
      addButtonText={`${verb} access`}
      removeButtonText="Remove"
      removeButtonAriaLabel={(r) => `Remove the line of ${r.name || "nobody yet"}`}
      onAddButtonClick={() => change([...rows, { who: "group", name: "", set: "" }])}
      onRemoveButtonClick={({ detail }) => change(rows.filter((_, i) => i !== detail.itemIndex))}
      i18nStrings={{ itemRemovedAriaLive: "The line is removed." }}
    />
  );
}

export const whole = (r: AccessRow) => r.name.trim() !== "" && r.set.trim() !== "";

// accessOf gives the lines that are filled in, as the factory takes them.
export const accessOf = (rows: AccessRow[]): Access[] => rows.filter(whole).map((r) => ({ [r.who]: r.name.trim(), permissionSet: r.set.trim() }));
