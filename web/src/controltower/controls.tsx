import { useMemo, useState } from "react";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useAct, useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { keep } from "../common/found";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { readAllUnits, readControls } from "./read";
import { TowerStatus } from "./status";
import type { EnabledControl } from "./types";

const whileChanging = 2000;

// Row is a control with the names that people know.
interface Row extends EnabledControl {
  control: string;
  unit: string;
}

const shortOf = (arn: string) => arn.split(/[/:]control\//).at(-1) ?? arn;

const everywhere = { value: "", label: "All organizational units" };

// Controls lists the controls that are on, and switches them on and off.
export function Controls() {
  const { aws } = useHere();
  const [unit, setUnit] = useState("");
  const [asking, ask] = useState<EnabledControl | "new">();
  const units = useResource("units/all", () => readAllUnits(aws));
  const [changing, setChanging] = useState(false);
  const list = useResource(`controls/${unit}`, () => readControls(aws, unit), changing ? whileChanging : 0);
  const busy = !!list.data?.some((c) => c.StatusSummary?.Status === "UNDER_CHANGE");
  if (list.data && busy !== changing) setChanging(busy);
  const options = (units.data ?? []).map((u) => ({ value: u.Arn, label: u.path, description: u.Id }));
  const named = useMemo(() => {
    const name = (arn: string) => units.data?.find((u) => u.Arn === arn)?.path ?? arn;
    const rows = (list.data ?? []).map((c): Row => ({ ...c, control: shortOf(c.ControlIdentifier), unit: name(c.TargetIdentifier) }));
    return list.data && keep(rows.sort((a, b) => a.control.localeCompare(b.control) || a.unit.localeCompare(b.unit)), list.data);
  }, [list.data, units.data]);
  return (
    <>
      <List<Row>
        of={{ ...list, data: named }}
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
          { id: "id", header: "Control", cell: (c) => c.control, sortingField: "control", isRowHeader: true },
          { id: "target", header: "Organizational unit", cell: (c) => c.unit, sortingField: "unit" },
          { id: "status", header: "Status", cell: (c) => <TowerStatus status={c.StatusSummary?.Status ?? ""} /> },
          { id: "drift", header: "Drift", cell: (c) => <TowerStatus status={c.DriftStatusSummary?.DriftStatus ?? ""} /> },
          { id: "off", header: "Change", cell: (c) => <Button variant="inline-link" ariaLabel={`Disable ${c.control} on ${c.unit}`} onClick={() => ask(c)}>Disable</Button> },
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
  const [busy, undone, act] = useDialogAct();
  const go = async () => {
    if ((await act("enable the control", () => aws.ask("controltower", "EnableControl", { ControlIdentifier: id.trim(), TargetIdentifier: unit }))) === undefined) return;
    flash("info", "The control is being enabled");
    close();
    done();
  };
  return (
    <Confirm visible title="Enable control" action="Enable" able={id.trim() !== "" && unit !== ""} busy={busy} undone={undone} close={close} go={() => void go()}>
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
