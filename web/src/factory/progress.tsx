import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";
import { useLost } from "../api/connection";
import type { Request } from "../api/factory";
import { Facts } from "../common/facts";
import { useNow } from "../common/now";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { duration, goDuration, Time } from "../common/time";
import { RequestState, working } from "./state";
import { stepsOf, stepText, type StepState } from "./steps";

const marks: Record<StepState, StepsProps.Status> = { done: "success", now: "in-progress", waiting: "pending", failed: "error", later: "stopped" };

// Progress shows the steps, how long it has taken and how long it usually does.
export function Progress({ request: r, live }: { request: Request; live: boolean }) {
  const { factory } = useHere();
  const lost = useLost() !== null;
  const queue = useResource("queue/" + r.state, factory.queue);
  const now = useNow(working(r.state));
  const since = +new Date(r.startedAt || r.createdAt);
  const elapsed = ((r.endedAt ? +new Date(r.endedAt) : now) - since) / 1000;
  const usual = goDuration(queue.data?.usual ?? "");
  return (
    <Container
      header={
        <Header variant="h2" description={working(r.state) ? liveText(live, lost) : undefined}>
          Progress
        </Header>
      }
    >
      <SpaceBetween size="m">
        <div role="status">
          <RequestState state={r.state} />
          {r.waitingFor && working(r.state) && <Box>Waits for {r.waitingFor}.</Box>}
          {r.cancelRequested && working(r.state) && <Box>Cancelling was asked for; AWS cannot be stopped, so the request ends when AWS does.</Box>}
        </div>
        <Facts
          columns={3}
          items={[
            { label: r.startedAt ? "Elapsed" : "Waiting", value: duration(elapsed) },
            { label: "Usually takes", value: usual ? duration(usual) : "not measured yet" },
            r.position > 0
              ? { label: "Place in the queue", value: <>{r.position}{r.expectedStart && <>, expected to begin <Time at={r.expectedStart} /></>}</> }
              : { label: r.endedAt ? "Ended" : "Started", value: <Time at={r.endedAt ?? r.startedAt} /> },
          ]}
        />
        <Steps
          ariaLabel="Steps of the request"
          steps={stepsOf(r).map(({ step, state }) => ({ header: stepText(step), status: marks[state], statusIconAriaLabel: state }))}
        />
      </SpaceBetween>
    </Container>
  );
}

function liveText(live: boolean, lost: boolean): string {
  if (lost) return "Connection lost: this is how it was. The request goes on without this page.";
  return live ? "Changes show by themselves. You may leave this page: the request goes on." : "Read anew every few seconds.";
}
