import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Checks } from "./checks";
import { CheckedInput } from "./field";
import type { Draft } from "./launch";
import type { Artifact } from "./types";

interface Props {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  artifacts: Artifact[];
  checks: Checks;
  tried: boolean;
}

// VersionStep asks for the product's version and the name.
export function VersionStep({ draft, change, artifacts, checks, tried }: Props) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Product version</Header>}>
        <FormField label="Version" errorText={tried && !draft.artifact ? "Choose a version." : undefined}>
          <RadioGroup
            value={draft.artifact}
            onChange={({ detail }) => change({ artifact: detail.value })}
            items={artifacts.map((a) => ({ value: a.Id, label: a.Name, description: a.Description !== a.Name ? a.Description : undefined }))}
          />
        </FormField>
        {artifacts.length === 0 && <Box color="text-status-error">The product has no active version. An administrator of Service Catalog can activate one.</Box>}
      </Container>
      <Container header={<Header variant="h2">Name</Header>}>
        <SpaceBetween size="m">
          <CheckedInput
            field="name"
            label="Name"
            description="Of the account, and of the provisioned product: 1 to 50 characters without accents. In the product's name everything but letters, digits, dot, dash and underscore becomes a dash."
            value={draft.name}
            change={(name) => change({ name })}
            checks={checks}
            tried={tried}
          />
        </SpaceBetween>
      </Container>
    </SpaceBetween>
  );
}
