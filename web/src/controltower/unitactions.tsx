import { useState } from "react";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { readTowerBaseline } from "./read";
import type { EnabledBaseline, Unit } from "./types";

interface Props {
  parent: Unit; // the unit chosen in the tree, or the root
  root: Unit;
  baselines: EnabledBaseline[];
  done: () => void;
}

type Doing = "create" | "rename" | "delete" | "register" | "deregister";

// UnitActions makes, renames, registers and deletes organizational units.
export function UnitActions({ parent, root, baselines, done }: Props) {
  const { aws } = useHere();
  const [doing, setDoing] = useState<Doing>();
  const [name, setName] = useState("");
  const isRoot = parent.Id === root.Id;
  const enabled = baselines.find((b) => b.TargetIdentifier === parent.Arn);

  const work: Record<Doing, Work> = {
    create: { title: `Create an organizational unit in ${parent.Name}`, action: "Create", run: () => aws.ask("organizations", "CreateOrganizationalUnit", { ParentId: parent.Id, Name: name }) },
    rename: { title: `Rename ${parent.Name}`, action: "Rename", run: () => aws.ask("organizations", "UpdateOrganizationalUnit", { OrganizationalUnitId: parent.Id, Name: name }) },
    delete: { title: `Delete ${parent.Name}?`, action: "Delete", text: "Only an empty organizational unit can be deleted.", run: () => aws.ask("organizations", "DeleteOrganizationalUnit", { OrganizationalUnitId: parent.Id }) },
    register: { title: `Register ${parent.Name} with Control Tower?`, action: "Register", text: "Accounts can be launched into it afterwards. Its accounts are enrolled.", run: register },
    deregister: { title: `Take ${parent.Name} out of Control Tower?`, action: "Deregister", text: "Its accounts must be unmanaged first.", run: () => aws.ask("controltower", "DisableBaseline", { EnabledBaselineIdentifier: enabled?.Arn }) },
  };

  async function register(): Promise<unknown> {
    const ids = await readTowerBaseline(aws);
    const version = baselines.find((b) => b.BaselineIdentifier === ids.tower)?.BaselineVersion ?? "4.0";
    const identity = baselines.find((b) => b.BaselineIdentifier === ids.identity)?.Arn;
    const Parameters = identity ? [{ Key: "IdentityCenterEnabledBaselineArn", Value: identity }] : [];
    return aws.ask("controltower", "EnableBaseline", { BaselineIdentifier: ids.tower, BaselineVersion: version, TargetIdentifier: parent.Arn, Parameters });
  }

  const current = doing && work[doing];
  const named = doing === "create" || doing === "rename";
  return (
    <>
      <ButtonDropdown
        items={[
          { id: "create", text: `Create organizational unit in ${parent.Name}` },
          { id: "rename", text: "Rename", disabled: isRoot },
          { id: "register", text: "Register with Control Tower", disabled: isRoot || !!enabled },
          { id: "deregister", text: "Deregister from Control Tower", disabled: isRoot || !enabled },
          { id: "delete", text: "Delete", disabled: isRoot },
        ]}
        onItemClick={({ detail }) => {
          setName(detail.id === "rename" ? parent.Name : "");
          setDoing(detail.id as Doing);
        }}
      >
        Actions
      </ButtonDropdown>
      {current && <Ask key={doing} {...current} {...(named && { name, setName })} close={() => setDoing(undefined)} done={done} />}
    </>
  );
}

interface Work {
  title: string;
  action: string;
  text?: string;
  run: () => Promise<unknown>;
}

// Ask takes the name that is needed, or a yes, and does it.
function Ask({ title, action, text, run, name, setName, close, done }: Work & { name?: string; setName?: (name: string) => void; close: () => void; done: () => void }) {
  const [busy, undone, act] = useDialogAct();
  const go = async () => {
    if ((await act(`${action.toLowerCase()} the organizational unit`, run)) === undefined) return;
    close();
    flash("success", `${title.replace(/\?$/, "")}: done`);
    done();
  };
  return (
    <Confirm visible title={title} action={action} able={name === undefined || name.trim() !== ""} busy={busy} undone={undone} close={close} go={() => void go()}>
      {text}
      {name !== undefined && (
        <FormField label="Name">
          <Input value={name} onChange={({ detail }) => setName?.(detail.value)} autoComplete={false} />
        </FormField>
      )}
    </Confirm>
  );
}
