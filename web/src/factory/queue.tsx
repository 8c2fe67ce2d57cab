import { useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { Mode, Queue } from "../api/factory";
import { useAct } from "../common/act";
import { Facts } from "../common/facts";
import { flash } from "../common/flash";
import { List } from "../common/list";
import { useHere } from "../common/place";
import { type Resource, useResource } from "../common/resource";
import { Person } from "../common/person";
import { Shown } from "../common/shown";
import { duration, goDuration, Time } from "../common/time";
import { useChanges } from "./live";
import { columns } from "./requests";
import { readAll } from "./read";

const modes = { open: ["success", "Open"], paused: ["stopped", "Paused"], draining: ["warning", "Draining"] } as const;

// QueuePage shows what runs and what waits; operators pause, drain, resume and set the limit.
export function QueuePage() {
  const { factory, href } = useHere();
  const queue = useResource("queue", factory.queue);
  const caller = useResource("caller", factory.caller);
  const list = useResource("open", async () => {
    const all = await readAll(factory, { state: "running,waiting" });
    return all.sort((a, b) => a.position - b.position); // what runs has no place in the queue: it comes first
  });
  useChanges(() => {
    queue.refresh();
    list.refresh();
  });
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="Account operations at AWS, and the requests that wait for one">
        Queue
      </Header>
      <Shown of={queue} what="read the queue">
        {(q) => (
          <SpaceBetween size="l">
            <State q={q} />
            {caller.data?.role === "operator" && <Control q={q} queue={queue} />}
          </SpaceBetween>
        )}
      </Shown>
      <List of={list} what="read the requests" title="In the queue" headingTag="h2" track={(r) => r.id} columns={columns(href)} empty="Nothing runs and nothing waits." />
    </SpaceBetween>
  );
}

function State({ q }: { q: Queue }) {
  const [type, text] = modes[q.mode];
  const usual = goDuration(q.usual);
  return (
    <Container>
      <Facts
        columns={4}
        items={[
          { label: "Mode", value: <><StatusIndicator type={type}>{text}</StatusIndicator>{q.mode !== "open" && <Box variant="small"> by {q.modeBy ? <Person who={q.modeBy} /> : "somebody"} <Time at={q.modeAt} />{q.drained && ", nothing runs any more"}</Box>}</> },
          { label: "In use", value: `${q.running} of ${q.limit} account operations` },
          { label: "Waiting", value: q.waiting },
          { label: "Usually takes", value: usual ? duration(usual) : "not measured yet" },
        ]}
      />
    </Container>
  );
}

function Control({ q, queue }: { q: Queue; queue: Resource<Queue> }) {
  const { factory } = useHere();
  const [busy, act] = useAct();
  const [limit, setLimit] = useState(String(q.limit));
  const number = Number(limit);
  const wrong = limit === "" || !Number.isInteger(number) || number < 0 || number > 50;
  const change = async (what: string, to: { mode?: Mode; limit?: number }) => {
    const next = await act(what, () => factory.setQueue(to));
    if (!next) return;
    queue.set(next);
    flash("success", `Done: ${what}`);
  };
  return (
    <Container header={<Header variant="h2" description="For operators">Control</Header>}>
      <SpaceBetween size="m">
        <SpaceBetween direction="horizontal" size="xs">
          {q.mode !== "open" && <Button variant="primary" loading={busy} onClick={() => void change("resume the queue", { mode: "open" })}>Resume</Button>}
          {q.mode !== "paused" && <Button loading={busy} onClick={() => void change("pause the queue", { mode: "paused" })}>Pause</Button>}
          {q.mode !== "draining" && <Button loading={busy} onClick={() => void change("drain the queue", { mode: "draining" })}>Drain</Button>}
        </SpaceBetween>
        <FormField label="Account operations at once" description="AWS allows what Control Tower is set up for: one, or up to ten" errorText={wrong ? "A whole number from 0 to 50" : undefined} secondaryControl={<Button disabled={wrong || number === q.limit} loading={busy} onClick={() => void change(`set the limit to ${number}`, { limit: number })}>Set</Button>}>
          <Input type="number" inputMode="numeric" value={limit} onChange={({ detail }) => setLimit(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
