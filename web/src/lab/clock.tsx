import { useState } from "react";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAct } from "../common/act";
import { Facts } from "../common/facts";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { Time } from "../common/time";

interface Clock {
  now: string;
  frozen: boolean;
  offset: string;
}

interface Status {
  region: string;
  account: string;
  accountOperations: number;
  profile: string;
  speed: number;
}

// ClockPage reads, advances and freezes the twin's clock. Signatures and sessions go by the wall's.
export function Clock() {
  const { twin } = useHere();
  const clock = useResource("clock", () => twin.get<Clock>("clock"), 2000);
  const status = useResource("status", () => twin.get<Status>("status"));
  const [ahead, setAhead] = useState("1h");
  const [busy, act] = useAct();
  const set = async (what: string, body: object) => {
    const next = await act(what, () => twin.send<Clock>("POST", "clock", body));
    if (next) clock.set(next);
  };
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="The twin's time, which AWS's operations and timestamps go by">Clock</Header>
      <Shown of={clock} what="read the clock">
        {(c) => (
          <Container>
            <SpaceBetween size="l">
              <Facts
                columns={3}
                items={[
                  { label: "Now", value: <Time at={c.now} /> },
                  { label: "Ahead of the wall by", value: c.offset },
                  { label: "State", value: c.frozen ? "frozen" : "running" },
                ]}
              />
              <FormField label="Advance by" description="Such as 90m, 24h or 2160h. What is due by then happens at once." secondaryControl={<Button loading={busy} onClick={() => void set("advance the clock", { advance: ahead })}>Advance</Button>}>
                <Input value={ahead} onChange={({ detail }) => setAhead(detail.value)} />
              </FormField>
              <Button loading={busy} onClick={() => void set("change the clock", { freeze: !c.frozen })}>{c.frozen ? "Let it run" : "Freeze"}</Button>
            </SpaceBetween>
          </Container>
        )}
      </Shown>
      <Shown of={status} what="read the twin's settings">
        {(s) => (
          <Container header={<Header variant="h2">Twin</Header>}>
            <Facts
              columns={4}
              items={[
                { label: "Home Region", value: s.region },
                { label: "Speed", value: s.speed ? `${s.speed} times AWS's` : "instant" },
                { label: "Account operations at once", value: s.accountOperations },
                { label: "Control Tower", value: s.profile },
              ]}
            />
          </Container>
        )}
      </Shown>
    </SpaceBetween>
  );
}
