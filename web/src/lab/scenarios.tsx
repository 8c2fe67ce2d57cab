import { useMemo, useState } from "react";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { type Scenario, scenariosAs, type Theatre } from "../api/scenario";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { useHere } from "../common/place";
import { type Resource, useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { PlayCard } from "./play";
import { requestsStay } from "./requestsstay";
import { Snapshots } from "./snapshots";

const whilePlaying = 1000;

// Scenarios says what goes wrong, and when: ready-made ones and one's own are played from here. Start states are kept and come back to.
export function Scenarios() {
  const { account, role } = useHere();
  const [playing, setPlaying] = useState(false);
  const stage = useMemo(() => scenariosAs(account, role), [account, role]);
  const read = useResource<Theatre>("scenarios", stage.read, playing ? whilePlaying : 0);
  const goes = read.data?.play?.state === "playing";
  if (read.data && goes !== playing) setPlaying(goes);
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="A bad day, played again">
        Scenarios
      </Header>
      <Shown of={read} what="read the scenarios">
        {({ scenarios, play }) => (
          <SpaceBetween size="l">
            {play && <PlayCard play={play} stage={stage} read={read} />}
            {scenarios.map((s) => (
              <ScenarioCard key={s.name} scenario={s} stage={stage} read={read} busy={goes} />
            ))}
            <OwnScenario stage={stage} read={read} busy={goes} />
          </SpaceBetween>
        )}
      </Shown>
      <Snapshots />
    </SpaceBetween>
  );
}

export type Stage = ReturnType<typeof scenariosAs>;

interface StageProps {
  stage: Stage;
  read: Resource<Theatre>;
  busy: boolean; // something is being played
}

function usePlay(stage: Stage, read: Resource<Theatre>) {
  const [busy, act] = useAct();
  const play = async (what: { name?: string; text?: string; reset?: boolean }) => {
    if (await act("play the scenario", () => stage.play(what))) scrollTo(0, 0); // to its progress
    read.refresh();
  };
  return { busy, play };
}

function ScenarioCard({ scenario: s, stage, read, busy }: StageProps & { scenario: Scenario }) {
  const [asking, ask] = useState(false);
  const { busy: sending, play } = usePlay(stage, read);
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button ariaLabel={`Play ${s.name}`} disabled={busy} disabledReason="Another is being played." loading={sending} onClick={() => (s.reset ? ask(true) : void play({ name: s.name }))}>
              Play
            </Button>
          }
        >
          {s.name}
        </Header>
      }
    >
      <Box>{s.description}</Box>
      <ol>
        {s.steps.map((step, i) => (
          <li key={i}>
            {step.title}
            {step.when && <>{" "}<Box variant="small">when {step.when}</Box></>}
          </li>
        ))}
      </ol>
      <ExpandableSection headerText="File">
        <pre className="af-code" tabIndex={0} aria-label={`Scenario ${s.name}`}>{s.text}</pre>
      </ExpandableSection>
      {asking && <Begin name={s.name} busy={sending} close={() => ask(false)} play={(reset) => void play({ name: s.name, reset }).then(() => ask(false))} />}
    </Container>
  );
}

// Begin asks about the start state where a scenario is meant to begin with it: it signs the person who asks out.
function Begin({ name, busy, close, play }: { name: string; busy: boolean; close: () => void; play: (reset: boolean) => void }) {
  const [reset, setReset] = useState(false);
  return (
    <Confirm visible title={`Play ${name}?`} action="Play" busy={busy} close={close} go={() => play(reset)}>
      <Checkbox checked={reset} onChange={({ detail }) => setReset(detail.checked)} description={`Accounts, users and passwords made since the first start are gone, and you are signed out. It plays the same as every time then. ${requestsStay}`}>
        Begin with the state of the first start
      </Checkbox>
    </Confirm>
  );
}

function OwnScenario({ stage, read, busy }: StageProps) {
  const [text, setText] = useState("steps:\n  - name: the next launch fails\n    what: {fault: {name: F15, count: 1}}\n");
  const { busy: sending, play } = usePlay(stage, read);
  return (
    <ExpandableSection variant="container" headerText="Your own" headerDescription="A file as docs/scenarios describes it">
      <SpaceBetween size="s">
        <FormField label="Scenario">
          <Textarea value={text} onChange={({ detail }) => setText(detail.value)} rows={8} spellcheck={false} />
        </FormField>
        <Button ariaLabel="Play your own" disabled={busy || !text.trim()} loading={sending} onClick={() => void play({ text })}>
          Play
        </Button>
      </SpaceBetween>
    </ExpandableSection>
  );
}
