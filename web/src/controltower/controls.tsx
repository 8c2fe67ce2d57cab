import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { readAllUnits, readControls } from "./read";
import { TowerStatus } from "./status";
import type { EnabledControl } from "./types";

const everywhere = { value: "", label: "All organizational units" };

// Controls lists the controls that are on, and switches them on and off.
export function Controls() {
  const { aws } = useHere();
  const [unit, setUnit] = useState("");
  const [asking, ask] = useState<EnabledControl | "new">();
  const units = useResource("units/all", () => readAllUnits(aws));
  const list = useResource(`controls/${unit}`, () => readControls(aws, unit));
  const options = (units.data ?? []).map((u) => ({ value: u.Arn, label: u.path, description: u.Id }));
  const name = (arn: string) => options.find((o) => o.value === arn)?.label ?? arn;
  return (
    <>
      <List<EnabledControl>
        of={list}
        what="read the controls"
        title="Controls"
        description="Once called guardrails"
        track={(c) => c.Arn}
        actions={<Button variant="primary" onClick={() => ask("new")}>Enable control</Button>}
        filter={
          <Select
            ariaLabel="Organizational unit"
            selectedOption={options.find((o) => o.value === unit) ?? everywhere}
            options={[everywhere, ...options]}
            onChange={({ detail }) => setUnit(detail.selectedOption.value ?? "")}
          />
        }
        columns={[
          { id: "id", header: "Control", cell: (c) => c.ControlIdentifier.split(/[/:]control\//).at(-1), sortingField: "ControlIdentifier", isRowHeader: true },
          { id: "target", header: "Organizational unit", cell: (c) => name(c.TargetIdentifier), sortingField: "TargetIdentifier" },
          { id: "status", header: "Status", cell: (c) => <TowerStatus status={c.StatusSummary?.Status ?? ""} /> },
          { id: "drift", header: "Drift", cell: (c) => <TowerStatus status={c.DriftStatusSummary?.DriftStatus ?? ""} /> },
          { id: "off", header: "Change", cell: (c) => <Button variant="inline-link" ariaLabel={`Disable ${c.ControlIdentifier}`} onClick={() => ask(c)}>Disable</Button> },
        ]}
        empty="No control is enabled here."
      />
      {asking === "new" && <Enable options={options} close={() => ask(undefined)} done={list.refresh} />}
      {asking && asking !== "new" && <Disable control={asking} close={() => ask(undefined)} done={list.refresh} />}
    </>
  );
}

interface EnableProps {
  options: { value: string; label: string }[];
  close: () => void;
  done: () => void;
}

function Enable({ options, close, done }: EnableProps) {
  const { aws } = useHere();
  const [id, setId] = useState("");
  const [unit, setUnit] = useState("");
  const [busy, act] = useAct();
  const go = async () => {
    if ((await act("enable the control", () => aws.ask("controltower", "EnableControl", { ControlIdentifier: id.trim(), TargetIdentifier: unit }))) === undefined) return;
    flash("info", "The control is being enabled");
    close();
    done();
  };
  return (
    <Confirm visible title="Enable control" action="Enable" able={id.trim() !== "" && unit !== ""} busy={busy} close={close} go={() => void go()}>
      <FormField label="Control" description="Its ARN, as the controls reference of AWS Control Tower gives it">
        <Input value={id} onChange={({ detail }) => setId(detail.value)} placeholder="arn:aws:controltower:…:control/AWS-GR_…" autoComplete={false} />
      </FormField>
      <FormField label="Organizational unit">
        <Select selectedOption={options.find((o) => o.value === unit) ?? null} options={options} onChange={({ detail }) => setUnit(detail.selectedOption.value ?? "")} placeholder="Choose an organizational unit" />
      </FormField>
    </Confirm>
  );
}

function Disable({ control, close, done }: { control: EnabledControl; close: () => void; done: () => void }) {
  const { aws } = useHere();
  const [busy, act] = useAct();
  const go = async () => {
    const { ControlIdentifier, TargetIdentifier } = control;
    const answer = await act("disable the control", () => aws.ask("controltower", "DisableControl", { ControlIdentifier, TargetIdentifier }));
    close();
    if (answer !== undefined) flash("info", "The control is being disabled");
    done();
  };
  return (
    <Confirm visible title="Disable the control?" action="Disable" busy={busy} close={close} go={() => void go()}>
      <span className="af-words">{control.ControlIdentifier}</span>
    </Confirm>
  );
}
