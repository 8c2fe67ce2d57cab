import { useState } from "react";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Button from "@cloudscape-design/components/button";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Shown } from "../common/shown";
import { readBaselines, readRoot } from "./read";
import { Tree } from "./tree";
import { UnitActions } from "./unitactions";
import type { EnabledBaseline, Unit } from "./types";

const whileChanging = 3000;

// Organization is the tree of organizational units and accounts, and which units are registered with Control Tower.
export function Organization() {
  const place = useHere();
  const [chosen, choose] = useState<Unit>();
  const [version, setVersion] = useState(0);
  const [changing, setChanging] = useState(false);
  const root = useResource("root", () => readRoot(place.aws));
  const baselines = useResource("baselines", () => readBaselines(place.aws).catch(() => [] as EnabledBaseline[]), changing ? whileChanging : 0);
  const busy = !!baselines.data?.some((b) => b.StatusSummary?.Status === "UNDER_CHANGE");
  if (baselines.data && busy !== changing) setChanging(busy);
  const again = () => {
    choose(undefined);
    setVersion((v) => v + 1); // the tree alone is drawn anew: who is at a button stays there
    root.refresh();
    baselines.refresh();
  };
  return (
    <Shown of={root} what="read the organization">
      {(r) => (
        <Container
          header={
            <Header
              variant="h1"
              description="Organizational units and the accounts in them"
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button iconName="refresh" ariaLabel="Refresh" onClick={again} />
                  <UnitActions parent={chosen ?? r} root={r} baselines={baselines.data ?? []} done={again} />
                  <Button variant="primary" href={place.href("/controltower/create-account")}>
                    Create account
                  </Button>
                </SpaceBetween>
              }
            >
              Organization
            </Header>
          }
        >
          <Tree key={version} root={r} baselines={baselines.data ?? []} chosen={chosen} choose={choose} />
        </Container>
      )}
    </Shown>
  );
}
