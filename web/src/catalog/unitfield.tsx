import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useHere } from "../common/place";
import { useResource } from "../common/resource";
import { Said } from "./said";
import { readUnits } from "./units";

interface Props {
  value: string;
  change: (value: string) => void;
  label?: string;
  description?: string;
  none?: string; // an option that means: leave it as it is
  wrong?: string; // what is to be said of the choice
}

// UnitField chooses one of the organizational units that accounts may be put in.
export function UnitField({ value, change, label = "Organizational unit", description, none, wrong }: Props) {
  const place = useHere();
  const units = useResource("units", () => readUnits(place));
  const options = (units.data ?? []).map((u) => ({ value: u, label: u }));
  return (
    <FormField label={label} description={description} constraintText={<Said wrong={units.error ? `The organizational units could not be read: ${units.error.message}` : wrong} short />}>
      <Select
        invalid={!!wrong || !!units.error}
        selectedOption={value ? { value, label: value } : none ? { value: "", label: none } : null}
        onChange={({ detail }) => change(detail.selectedOption.value ?? "")}
        options={none ? [{ value: "", label: none }, ...options] : options}
        statusType={units.loading ? "loading" : "finished"}
        placeholder="Choose an organizational unit"
        filteringType={options.length > 10 ? "auto" : "none"}
        filteringAriaLabel="Search organizational units"
        empty="No organizational unit is registered"
      />
    </FormField>
  );
}
