import { useState } from "react";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useAct } from "../common/act";
import { Confirm } from "../common/confirm";
import { Copied } from "../common/copy";
import { Facts } from "../common/facts";
import { flash } from "../common/flash";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { TowerStatus } from "./status";
import { Drift, Operations } from "./drift";
import { readLandingZone } from "./read";
import type { LandingZoneDetail } from "./types";

const whileChanging = 3000;

// LandingZone is the landing zone: its version, whether it has drifted, and what was done to it.
export function LandingZone() {
  const { aws } = useHere();
  const [busy, setBusy] = useState(false);
  const zone = useResource("landingzone", () => readLandingZone(aws), busy ? whileChanging : 0);
  const processing = zone.data?.Status === "PROCESSING";
  if (zone.data && processing !== busy) setBusy(processing);
  return (
    <Shown of={zone} what="read the landing zone">
      {(lz) =>
        lz ? (
          <Zone lz={lz} refresh={zone.refresh} loading={zone.loading} />
        ) : (
          <Alert type="info" header="There is no landing zone">
            This organization is not governed by AWS Control Tower yet.
          </Alert>
        )
      }
    </Shown>
  );
}

function Zone({ lz, refresh, loading }: { lz: LandingZoneDetail; refresh: () => void; loading: boolean }) {
  const { aws, session } = useHere();
  const [asking, ask] = useState(false);
  const [busy, act] = useAct();
  const drifted = lz.DriftStatus?.Status === "DRIFTED";
  const reset = async () => {
    ask(false);
    const done = await act("reset the landing zone", () => aws.ask("controltower", "ResetLandingZone", { LandingZoneIdentifier: lz.Arn }));
    if (done) flash("info", "The landing zone is being reset");
    refresh();
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description="What AWS Control Tower governs this organization by"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel="Refresh" onClick={refresh} loading={loading} />
            <Button onClick={() => ask(true)} loading={busy} disabled={lz.Status === "PROCESSING"}>
              Reset landing zone
            </Button>
          </SpaceBetween>
        }
      >
        Landing zone
      </Header>
      {drifted && (
        <Alert type="warning" header="The landing zone has drifted">
          Something was changed outside of Control Tower. Until it is reset, launches may fail.
        </Alert>
      )}
      <Container header={<Header variant="h2">Settings</Header>}>
        <Facts
          columns={3}
          items={[
            { label: "Status", value: <TowerStatus status={lz.Status ?? ""} /> },
            { label: "Drift", value: <TowerStatus status={lz.DriftStatus?.Status ?? ""} /> },
            { label: "Version", value: lz.Version + (lz.LatestAvailableVersion && lz.LatestAvailableVersion !== lz.Version ? ` (newest: ${lz.LatestAvailableVersion})` : "") },
            { label: "Home Region", value: session.region },
            { label: "ARN", value: <Copied text={lz.Arn} what="ARN" /> },
          ]}
        />
        <ExpandableSection headerText="Manifest">
          <pre className="af-code" tabIndex={0} aria-label="Manifest">{JSON.stringify(lz.Manifest, null, 2)}</pre>
        </ExpandableSection>
      </Container>
      {session.cloud === "twin" && <Drift />}
      <Operations />
      <Confirm visible={asking} title="Reset the landing zone?" action="Reset" close={() => ask(false)} go={() => void reset()}>
        <Box>Control Tower makes everything as it was set up. While it does, no account can be launched.</Box>
      </Confirm>
    </SpaceBetween>
  );
}
