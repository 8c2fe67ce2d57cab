import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useAct, useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";

interface Condition {
  name: string;
  account?: string;
  email?: string;
  value?: string;
  since?: string;
}

interface KnownCondition {
  name: string;
  summary?: string;
  account?: boolean;
  value?: string;
}

// Conditions are states of things that AWS's failures come from; what recovers from them in AWS clears them here.
export function Conditions() {
  const { twin } = useHere();
  const [setting, set] = useState(false);
  const [, act] = useAct();
  const read = useResource("conditions", () => twin.get<{ conditions: Condition[]; known: Record<string, unknown>[] }>("conditions"));
  const clear = async ({ since: _, ...c }: Condition) => {
    if (await act("clear the condition", () => twin.send("DELETE", "conditions", c))) flash("success", "The condition is cleared");
    read.refresh();
  };
  return (
    <Shown of={read} what="read the conditions">
      {({ conditions, known }) => (
        <>
          <Table<Condition>
            header={<Header variant="h2" counter={`(${conditions.length})`} description="States of accounts that make operations fail until they are cleared" actions={<Button onClick={() => set(true)}>Set a condition</Button>}>Conditions</Header>}
            items={conditions}
            wrapLines
            columnDefinitions={roomy([
              { id: "name", header: "Condition", cell: (c) => c.name, isRowHeader: true },
              { id: "who", header: "Account", cell: (c) => c.account || c.email || "every account" },
              { id: "value", header: "Value", cell: (c) => c.value || "-" },
              { id: "since", header: "Since", cell: (c) => <Time at={c.since} /> },
              { id: "off", header: "Change", cell: (c) => <Button variant="inline-link" ariaLabel={`Clear ${c.name}`} onClick={() => void clear(c)}>Clear</Button> },
            ])}
            empty={<Box>No condition is set.</Box>}
          />
          {setting && <SetCondition known={known.map(lower)} close={() => set(false)} done={read.refresh} />}
        </>
      )}
    </Shown>
  );
}

// The twin gives names of members with a capital or without, by its version.
function lower(row: Record<string, unknown>): KnownCondition {
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k.charAt(0).toLowerCase() + k.slice(1), v])) as unknown as KnownCondition;
}

function SetCondition({ known, close, done }: { known: KnownCondition[]; close: () => void; done: () => void }) {
  const { twin } = useHere();
  const [draft, setDraft] = useState({ name: "", email: "", value: "" });
  const [busy, undone, act] = useDialogAct();
  const options = known.map((k) => ({ value: k.name, label: k.name, description: k.summary }));
  const go = async () => {
    const body = Object.fromEntries(Object.entries(draft).filter(([, v]) => v));
    if (!(await act("set the condition", () => twin.send("POST", "conditions", body)))) return;
    flash("success", `${draft.name} is set`);
    close();
    done();
  };
  return (
    <Confirm visible title="Set a condition" action="Set" able={draft.name !== ""} busy={busy} undone={undone} close={close} go={() => void go()}>
      <FormField label="Condition">
        <Select selectedOption={options.find((o) => o.value === draft.name) ?? null} options={options} onChange={({ detail }) => setDraft({ ...draft, name: detail.selectedOption.value ?? "" })} placeholder="Choose a condition" />
      </FormField>
      <FormField label={<>Account e-mail <i>- optional</i></>}>
        <Input value={draft.email} type="email" onChange={({ detail }) => setDraft({ ...draft, email: detail.value })} autoComplete={false} />
      </FormField>
      <FormField label={<>Value <i>- where one is needed</i></>}>
        <Input value={draft.value} onChange={({ detail }) => setDraft({ ...draft, value: detail.value })} autoComplete={false} />
      </FormField>
    </Confirm>
  );
}
