import SpaceBetween from "@cloudscape-design/components/space-between";
import Header from "@cloudscape-design/components/header";
import { Conditions } from "./conditions";
import { Known } from "./known";
import { Operations } from "./operations";

// Faults makes the twin fail as AWS does.
export function Faults() {
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description="Make the twin fail as AWS does, and see how the factory takes it">
        Faults
      </Header>
      <Known />
      <Conditions />
      <Operations />
    </SpaceBetween>
  );
}
