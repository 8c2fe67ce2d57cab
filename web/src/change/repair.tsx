import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { ChangeForm } from "../catalog/changeform";
import { useChecks } from "../catalog/checks";
import { UnitField } from "../catalog/unitfield";
import { useDraft } from "../common/draft";
import { useHere } from "../common/place";
import { Shown } from "../common/shown";
import type { PageProps } from "../pages";
import { Reason } from "./reason";
import { type Subject, useSubject, whereFrom } from "./subject";

const empty = { ou: "", reason: "" };

// RepairAccount brings an account whose product is tainted or in error to where it should be.
export function RepairAccount({ params }: PageProps) {
  const subject = useSubject(params.id!);
  return (
    <Shown of={subject} what="read the account">
      {(s) => <Fields subject={s} />}
    </Shown>
  );
}

function Fields({ subject }: { subject: Subject }) {
  const place = useHere();
  const [draft, change, clear] = useDraft(`repair/${place.account}/${place.role}/${subject.id}`, empty);
  const input = { kind: "repair" as const, account: subject.id, region: place.region, ...Object.fromEntries(Object.entries(draft).filter(([, v]) => v)) };
  const checks = useChecks(input);
  return (
    <ChangeForm title={`Repair ${subject.name || subject.id}`} description="Its provisioned product is updated with the values it had; what was half made is completed" input={input} checks={checks} submitText="Repair" cancel={place.href(whereFrom(subject))} done={clear}>
      <Container header={<Header variant="h2">Where it belongs</Header>}>
        <SpaceBetween size="s">
          <UnitField value={draft.ou} change={(ou) => change({ ou })} none="Where it is" />
          <Box color="text-body-secondary">Choose one when the account stands at the root, where a launch that failed early leaves it.</Box>
        </SpaceBetween>
      </Container>
      <Reason value={draft.reason} change={(reason) => change({ reason })} />
    </ChangeForm>
  );
}
