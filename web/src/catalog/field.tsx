import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState } from "react";
import type { Parameters } from "../api/factory";
import { type Checks, checksOf, sentence } from "./checks";

interface Props {
  field: keyof Parameters;
  label: string;
  description?: string;
  value: string;
  change: (value: string) => void;
  checks: Checks;
  tried: boolean;
  email?: boolean;
}

// CheckedInput is a parameter of the account with what the factory says of it.
export function CheckedInput({ field, label, description, value, change, checks, tried, email }: Props) {
  const [left, setLeft] = useState(value !== ""); // what is still being typed is not called wrong
  const about = checksOf(checks, field);
  const failed = value ? about.find((c) => c.result === "failed") : undefined;
  const missing = tried && !value.trim() ? "Fill this in." : undefined;
  const good = value && !failed && !checks.pending ? about.filter((c) => c.result !== "failed").at(-1) : undefined;
  return (
    <FormField
      label={label}
      description={description}
      errorText={failed && (left || tried) ? sentence(failed) : missing}
      constraintText={
        <span role="status">
          {good && <StatusIndicator type={good.result === "note" ? "info" : "success"}>{sentence(good)}</StatusIndicator>}
        </span>
      }
    >
      <Input
        value={value}
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
