import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";
import type { Play, Theatre } from "../api/scenario";
import { useAct } from "../common/act";
import type { Resource } from "../common/resource";
import { Time } from "../common/time";
import type { Stage } from "./scenarios";

const states = { playing: ["in-progress", "Playing"], done: ["success", "Played to its end"], failed: ["error", "Failed"], stopped: ["stopped", "Stopped"] } as const;

// PlayCard is how a play stands: what has been done, and what the next step waits for.
export function PlayCard({ play, stage, read }: { play: Play; stage: Stage; read: Resource<Theatre> }) {
  const [busy, act] = useAct();
  const [type, text] = states[play.state];
  const next = play.steps.findIndex((s) => !s.at);
  const stop = async () => {
    await act("stop the scenario", stage.stop);
    read.refresh();
  };
  const mark = (i: number): StepsProps.Status => (play.steps[i]!.at ? "success" : i > next ? "pending" : play.state === "playing" ? "in-progress" : play.state === "failed" ? "error" : "stopped");
  return (
    <Container header={<Header variant="h2" actions={play.state === "playing" && <Button loading={busy} onClick={() => void stop()}>Stop</Button>}>{`Play of ${play.name}`}</Header>}>
      <SpaceBetween size="m">
        <div role="status">
          <StatusIndicator type={type}>{text}</StatusIndicator>{" "}
          <Box variant="small">
            begun <Time at={play.startedAt} />
            {play.endedAt && <>, ended <Time at={play.endedAt} /></>}
          </Box>
        </div>
        {play.error && <Alert type="error"><span className="af-words">{play.error}</span></Alert>}
        <Steps
          ariaLabel="Steps of the play"
          steps={play.steps.map((s, i) => ({
            header: s.title,
            status: mark(i),
            statusIconAriaLabel: mark(i),
            details: s.at ? <Box variant="small">done at <Time at={s.at} /> of the twin</Box> : s.when ? <Box variant="small">when {s.when}</Box> : undefined,
          }))}
        />
      </SpaceBetween>
    </Container>
  );
}
