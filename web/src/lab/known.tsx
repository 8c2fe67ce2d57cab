import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { roomy } from "../common/columns";
import { useAct, useDialogAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";

interface Fault {
  id: string;
  name?: string;
  kind: string;
  service?: string;
  operation?: string;
  step?: string;
  email?: string;
  account?: string;
  reason?: string;
  count?: number;
}

interface Failure {
  name: string;
  summary: string;
  fault?: Fault;
  condition?: string;
}

// Known lists the failures that Account Factory's users know, to be armed by a click, and what is armed.
export function Known() {
  const { twin } = useHere();
  const [arming, arm] = useState<Failure>();
  const [, act] = useAct();
  const failures = useResource("failures", async () => (await twin.get<{ failures: Failure[] }>("failures")).failures);
  const armed = useResource("faults", async () => (await twin.get<{ faults: Fault[] }>("faults")).faults);
  const disarm = async (f: Fault) => {
    if (await act("disarm the fault", () => twin.send("DELETE", `faults/${f.id}`))) flash("success", "The fault is disarmed");
    armed.refresh();
  };
  return (
    <SpaceBetween size="l">
      <Shown of={armed} what="read the armed faults">
        {(rows) => (
          <Table<Fault>
            header={<Header variant="h2" counter={`(${rows.length})`}>Armed</Header>}
            items={rows}
            wrapLines
            columnDefinitions={roomy([
              { id: "name", header: "Fault", cell: (f) => f.name ?? f.kind, isRowHeader: true },
              { id: "where", header: "Strikes", cell: (f) => [f.service, f.operation, f.step].filter(Boolean).join(" ") || "anywhere" },
              { id: "who", header: "Only for", cell: (f) => f.email ?? f.account ?? "everybody" },
              { id: "count", header: "Times left", cell: (f) => f.count || "always" },
              { id: "off", header: "Change", cell: (f) => <Button variant="inline-link" ariaLabel={`Disarm ${f.name ?? f.id}`} onClick={() => void disarm(f)}>Disarm</Button> },
            ])}
            empty={<Box>Nothing is armed.</Box>}
          />
        )}
      </Shown>
      <List<Failure>
        of={failures}
        what="read the known failures"
        title="Known failures"
        headingTag="h2"
        track={(f) => f.name}
        columns={[
          { id: "name", header: "Name", cell: (f) => f.name, isRowHeader: true },
          { id: "summary", header: "What happens", cell: (f) => f.summary },
          { id: "arm", header: "Change", cell: (f) => <Button variant="inline-link" ariaLabel={`Arm ${f.name}`} onClick={() => arm(f)}>Arm</Button> },
        ]}
        empty="None"
      />
      {arming && <Arm failure={arming} close={() => arm(undefined)} done={armed.refresh} />}
    </SpaceBetween>
  );
}

function Arm({ failure, close, done }: { failure: Failure; close: () => void; done: () => void }) {
  const { twin } = useHere();
  const [email, setEmail] = useState("");
  const [count, setCount] = useState("1");
  const [busy, undone, act] = useDialogAct();
  const go = async () => {
    const body = { name: failure.name, kind: failure.fault?.kind ?? "", ...(email ? { email } : {}), count: Number(count) };
    if (!(await act("arm the fault", () => twin.send("POST", "faults", body)))) return;
    flash("success", `${failure.name} is armed: ${failure.summary}`);
    close();
    done();
  };
  return (
    <Confirm visible title={`Arm ${failure.name}?`} action="Arm" able={Number(count) > 0} busy={busy} undone={undone} close={close} go={() => void go()}>
      <Box>{failure.summary}</Box>
      <FormField label="How often">
        <Input type="number" value={count} onChange={({ detail }) => setCount(detail.value)} />
      </FormField>
      <FormField label={<>Only for the account e-mail <i>- optional</i></>}>
        <Input value={email} type="email" onChange={({ detail }) => setEmail(detail.value)} autoComplete={false} />
      </FormField>
    </Confirm>
  );
}
