import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { type Checks, checksOf, type Field, sentence } from "./checks";
import { Said } from "./said";

interface Props {
  field: Field;
  also?: Field; // whose checks are about this one too
  label: string;
  description?: string;
  value: string;
  change: (value: string) => void;
  checks: Checks;
  tried: boolean;
  email?: boolean;
}

// Of these only their absence is ever said.
const unchecked: Field[] = ["ssoUserFirstName", "ssoUserLastName"];

// CheckedInput is a parameter of the account with what the factory says of it.
export function CheckedInput({ field, also, label, description, value, change, checks, tried, email }: Props) {
  const [left, setLeft] = useState(value !== ""); // what is still being typed is not called wrong
  const about = [...checksOf(checks, field), ...(also ? checksOf(checks, also) : [])];
  const failed = value ? about.find((c) => c.result === "failed") : undefined;
  const good = value && !failed && !checks.pending ? about.filter((c) => c.result !== "failed").at(-1) : undefined;
  const wrong = failed && (left || tried) ? sentence(failed) : tried && !value.trim() ? "Fill this in." : undefined;
  return (
    <FormField label={label} description={description} constraintText={<Said wrong={wrong} good={good} short={unchecked.includes(field)} />}>
      <Input
        value={value}
        invalid={!!wrong}
        type={email ? "email" : "text"}
        inputMode={email ? "email" : "text"}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => change(detail.value)}
        onBlur={() => setLeft(true)}
      />
    </FormField>
  );
}
