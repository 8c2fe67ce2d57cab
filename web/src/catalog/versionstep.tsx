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
  version: Artifact | undefined;
  checks: Checks;
  tried: boolean;
}

// VersionStep shows the product's version and asks for the name.
export function VersionStep({ draft, change, version, checks, tried }: Props) {
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">Product version</Header>}>
        {version ? (
          <FormField label="Version" description="The factory launches the newest version that is offered.">
            <RadioGroup value={version.Id} onChange={() => undefined} items={[{ value: version.Id, label: version.Name, description: version.Description !== version.Name ? version.Description : undefined }]} />
          </FormField>
        ) : (
          <Box color="text-status-error">The product has no active version. An administrator of Service Catalog can activate one.</Box>
        )}
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
