import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { requestsStay } from "./requestsstay";

// Snapshots keeps the twin's state under a name, goes back to one, or to the state of the first start.
export function Snapshots() {
  const { twin } = useHere();
  const [name, setName] = useState("before-lunch");
  const [asking, ask] = useState<"restore" | "reset">();
  const [busy, act] = useAct();
  const go = async (path: "snapshot" | "restore" | "reset") => {
    const done = await act(path, () => twin.send("POST", path, path === "reset" ? {} : { name }));
    ask(undefined);
    if (done) flash("success", path === "snapshot" ? `The state is kept as ${name}` : "The twin is as it was");
  };
  return (
    <Container header={<Header variant="h2" description="The twin's state; the factory's requests stay as they are">State</Header>}>
      <SpaceBetween size="m">
        <FormField label="Name of a snapshot">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} autoComplete={false} />
        </FormField>
        <SpaceBetween direction="horizontal" size="xs">
          <Button loading={busy} disabled={!name} onClick={() => void go("snapshot")}>Keep the state</Button>
          <Button disabled={!name} onClick={() => ask("restore")}>Go back to it</Button>
          <Button onClick={() => ask("reset")}>Go back to the first start</Button>
        </SpaceBetween>
      </SpaceBetween>
      {asking && (
        <Confirm visible title={asking === "reset" ? "Go back to the first start?" : `Go back to ${name}?`} action="Go back" busy={busy} close={() => ask(undefined)} go={() => void go(asking)}>
          Accounts, users and passwords made since are gone, this session perhaps with them. {requestsStay}
        </Confirm>
      )}
    </Container>
  );
}
