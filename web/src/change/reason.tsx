import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";

// Reason is why something is asked for.
export function Reason({ value, change }: { value: string; change: (value: string) => void }) {
  return (
    <Container header={<Header variant="h2">For the record</Header>}>
      <FormField label={<>Reason <i>- optional</i></>} description="Shown with the request and in the audit log">
        <Input value={value} onChange={({ detail }) => change(detail.value)} autoComplete={false} />
      </FormField>
    </Container>
  );
}
