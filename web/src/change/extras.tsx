import type { ReactNode } from "react";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Contact, Input } from "../api/factory";
import { type Checks, checksOf, type Field, sentence } from "../catalog/checks";
import { Said } from "../catalog/said";
import { AccessRows, type AccessRow, accessOf, whole } from "./accessrows";
import { Contacts, contactsOf } from "./contacts";
import { type Pair, Pairs, recordOf } from "./pairs";

// Extras is what an account can be given besides the product's parameters, as it is typed.
export interface Extras {
  tags: Pair[];
  contacts: Contact[];
  grant: AccessRow[];
  fields: Pair[];
}

export const noExtras: Extras = { tags: [], contacts: [], grant: [], fields: [] };

interface Props {
  extras: Extras;
  change: (part: Partial<Extras>) => void;
  checks: Checks;
}

// ExtrasSection asks for tags, contacts, further access and custom fields. It stays out of the way of who wants none.
export function ExtrasSection({ extras, change, checks }: Props) {
  const count = countOf(extras);
  return (
    <ExpandableSection variant="container" headerText="More" headerCounter={count ? `(${count})` : undefined} headerDescription="Tags, alternate contacts, further access, custom fields: optional, put after the account is made, and seen before the request succeeds" defaultExpanded={count > 0}>
      <SpaceBetween size="l">
        <Part title="Tags of the account" about="Put by Organizations. These are no TagOptions, which Account Factory fails on." field="tags" wrong={unfinished.tags(extras)} checks={checks}>
          <Pairs pairs={extras.tags} change={(tags) => change({ tags })} noun="tag" />
        </Part>
        <Part title="Alternate contacts" about="Whom AWS writes to beside the account's own e-mail" field="contacts" checks={checks}>
          <Contacts contacts={extras.contacts} change={(contacts) => change({ contacts })} />
        </Part>
        <Part title="Further access" about="Groups and users of IAM Identity Center who may enter the account, beside its SSO user" field="grant" wrong={unfinished.grant(extras)} checks={checks}>
          <AccessRows rows={extras.grant} change={(grant) => change({ grant })} />
        </Part>
        <Part title="Custom fields" about="Your own: kept with the request and given to its hooks" field="fields" wrong={unfinished.fields(extras)} checks={checks}>
          <Pairs pairs={extras.fields} change={(fields) => change({ fields })} noun="field" />
        </Part>
      </SpaceBetween>
    </ExpandableSection>
  );
}

function Part({ title, about, field, wrong, checks, children }: { title: string; about: string; field: Field; wrong?: string; checks: Checks; children: ReactNode }) {
  const said = checksOf(checks, field);
  const failed = said.find((c) => c.result === "failed");
  return (
    <section aria-label={title}>
      <Box variant="h3">{title}</Box>
      <Box color="text-body-secondary" padding={{ bottom: "xs" }}>{about}</Box>
      {children}
      <Said wrong={wrong || (failed && sentence(failed))} good={checks.pending ? undefined : said.at(-1)} short />
    </section>
  );
}

// unfinished gives what is wrong with a part of which something is typed that would not be sent, "" for nothing.
const unfinished: Record<"tags" | "grant" | "fields", (e: Extras) => string> = {
  tags: (e) => pairsUnfinished(e.tags),
  grant: (e) => (e.grant.some((r) => !whole(r) && (r.name.trim() || r.set.trim())) ? "A line wants both a name and a permission set." : ""),
  fields: (e) => pairsUnfinished(e.fields),
};

function pairsUnfinished(pairs: Pair[]): string {
  if (pairs.some((p) => !p.key.trim() && p.value.trim())) return "A value has no name.";
  const names = pairs.map((p) => p.key.trim()).filter(Boolean);
  return new Set(names).size < names.length ? "There are two of one name." : "";
}

// finished reports whether all that is typed will be sent. What is not says so on its own part.
export const finished = (e: Extras) => Object.values(unfinished).every((of) => !of(e));

const countOf = (e: Extras) => e.tags.length + contactsOf(e.contacts).length + e.grant.length + e.fields.length;

// extrasOf gives what was typed as the factory takes it.
export function extrasOf(e: Extras): Partial<Input> {
  const contacts = contactsOf(e.contacts);
  const grant = accessOf(e.grant);
  return Object.fromEntries(Object.entries({ tags: recordOf(e.tags), contacts: contacts.length ? contacts : undefined, grant: grant.length ? grant : undefined, fields: recordOf(e.fields) }).filter(([, v]) => v));
}

// extrasText lists what was typed, a line per thing, for a review.
export function extrasText(e: Extras): { label: string; lines: string[] }[] {
  const { tags = {}, contacts = [], grant = [], fields = {} } = extrasOf(e);
  const pairs = (of: Record<string, string>) => Object.entries(of).map(([k, v]) => `${k} = ${v}`);
  return [
    { label: "Tags", lines: pairs(tags) },
    { label: "Alternate contacts", lines: contacts.map((c) => `${c.type.toLowerCase()}: ${c.name}, ${c.title}, ${c.email}, ${c.phone}`) },
    { label: "Further access", lines: grant.map((a) => `${a.permissionSet} for ${a.group ?? a.user}`) },
    { label: "Custom fields", lines: pairs(fields) },
  ].filter(({ lines }) => lines.length > 0);
}
