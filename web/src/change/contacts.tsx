import ColumnLayout from "@cloudscape-design/components/column-layout";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import type { Contact } from "../api/factory";

const types = { BILLING: "Billing contact", OPERATIONS: "Operations contact", SECURITY: "Security contact" } as const;

const parts = [
  ["name", "Full name"],
  ["title", "Title"],
  ["email", "E-mail"],
  ["phone", "Phone"],
] as const;

const none = { name: "", title: "", email: "", phone: "" };

// Contacts asks for an account's alternate contacts, one of each type at most.
export function Contacts({ contacts, change }: { contacts: Contact[]; change: (contacts: Contact[]) => void }) {
  const set = (type: Contact["type"], part: Partial<Contact>) => {
    const rest = contacts.filter((c) => c.type !== type);
    change([...rest, { ...none, ...contacts.find((c) => c.type === type), type, ...part }]);
  };
  return (
    <>
      {(Object.keys(types) as Contact["type"][]).map((type) => {
        const contact = contacts.find((c) => c.type === type) ?? none;
        return (
          <ExpandableSection key={type} headerText={types[type]} headerDescription={contact.email || "none"}>
            <ColumnLayout columns={2}>
              {parts.map(([member, label]) => (
                <FormField key={member} label={label}>
                  <Input ariaLabel={`${label} of the ${types[type].toLowerCase()}`} value={contact[member]} type={member === "email" ? "email" : "text"} onChange={({ detail }) => set(type, { [member]: detail.value })} autoComplete={false} />
                </FormField>
              ))}
            </ColumnLayout>
          </ExpandableSection>
        );
      })}
    </>
  );
}

// contactsOf gives the contacts that anything is typed of.
export const contactsOf = (contacts: Contact[]): Contact[] => contacts.filter((c) => c.name || c.title || c.email || c.phone);
