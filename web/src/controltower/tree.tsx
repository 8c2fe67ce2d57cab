import { useEffect, useState } from "react";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Icon from "@cloudscape-design/components/icon";
import Link from "@cloudscape-design/components/link";
import TreeView from "@cloudscape-design/components/tree-view";
import { useHere } from "../common/place";
import { flash } from "../common/flash";
import { readUnits } from "./read";
import { TowerStatus } from "./status";
import { type Account, type EnabledBaseline, stateOf, type Unit } from "./types";

// A line of the tree. Accounts come a page at a time: an organizational unit may hold thousands.
type Node = { id: string } & ({ unit: Unit } | { account: Account } | { more: Unit; token: string } | { text: string });

interface Props {
  root: Unit;
  baselines: EnabledBaseline[];
  chosen: Unit | undefined;
  choose: (unit: Unit) => void;
}

export function Tree({ root, baselines, chosen, choose }: Props) {
  const { aws } = useHere();
  const [children, setChildren] = useState<Record<string, Node[]>>({});
  const [open, setOpen] = useState<string[]>([root.Id]);

  const page = async (unit: Unit, token?: string): Promise<Node[]> => {
    const out = await aws.ask<{ Accounts: Account[] | null; NextToken?: string }>("organizations", "ListAccountsForParent", { ParentId: unit.Id, ...(token ? { NextToken: token } : {}) });
    const nodes: Node[] = (out.Accounts ?? []).map((account) => ({ id: account.Id, account }));
    return out.NextToken ? [...nodes, { id: `${unit.Id}/more`, more: unit, token: out.NextToken }] : nodes;
  };
  const load = async (unit: Unit) => {
    try {
      const [units, accounts] = await Promise.all([readUnits(aws, unit.Id), page(unit)]);
      const nodes: Node[] = [...units.map((u) => ({ id: u.Id, unit: u })), ...accounts];
      setChildren((c) => ({ ...c, [unit.Id]: nodes.length > 0 ? nodes : [{ id: `${unit.Id}/empty`, text: "Empty" }] }));
    } catch (error) {
      flash("error", `Could not read what is in ${unit.Name}`, { content: (error as Error).message });
    }
  };
  const more = async (unit: Unit, token: string) => {
    const next = await page(unit, token).catch((error: Error) => {
      flash("error", `Could not read more of ${unit.Name}`, { content: error.message });
      return null;
    });
    if (next) setChildren((c) => ({ ...c, [unit.Id]: [...(c[unit.Id] ?? []).filter((n) => !("more" in n)), ...next] }));
  };
  useEffect(() => void load(root), [root.Id]);

  return (
    <TreeView<Node>
      ariaLabel="Organization"
      items={[{ id: root.Id, unit: root }]}
      getItemId={(n) => n.id}
      getItemChildren={(n) => ("unit" in n ? (children[n.unit.Id] ?? [{ id: `${n.id}/wait`, text: "Reading…" }]) : undefined)}
      expandedItems={open}
      onItemToggle={({ detail: { item, expanded } }) => {
        setOpen((o) => (expanded ? [...o, item.id] : o.filter((id) => id !== item.id)));
        if (expanded && "unit" in item && !children[item.unit.Id]) void load(item.unit);
      }}
      renderItem={(n) => line(n, baselines, chosen, choose, more)}
      i18nStrings={{ expandButtonLabel: (n) => `Open ${label(n)}`, collapseButtonLabel: (n) => `Close ${label(n)}` }}
    />
  );
}

const label = (n: Node) => ("unit" in n ? n.unit.Name : n.id);

function line(n: Node, baselines: EnabledBaseline[], chosen: Unit | undefined, choose: (u: Unit) => void, more: (u: Unit, token: string) => Promise<void>) {
  if ("text" in n) return { content: <Box color="text-body-secondary">{n.text}</Box> };
  if ("more" in n) return { content: <Button variant="inline-link" onClick={() => void more(n.more, n.token)}>More accounts</Button> };
  if ("account" in n) return { icon: <Icon name="user-profile" />, content: <AccountLine account={n.account} /> };
  const on = chosen?.Id === n.unit.Id;
  return {
    icon: <Icon name={n.unit.Id.startsWith("r-") ? "multiscreen" : "folder"} />,
    content: (
      <Button variant="inline-link" onClick={() => choose(n.unit)} ariaLabel={`${n.unit.Name}${on ? ", chosen" : ""}`}>
        {n.unit.Name}
      </Button>
    ),
    secondaryContent: (
      <>
        {on && <Badge color="blue">Chosen</Badge>} <Registered unit={n.unit} baselines={baselines} /> {n.unit.Id}
      </>
    ),
  };
}

function Registered({ unit, baselines }: { unit: Unit; baselines: EnabledBaseline[] }) {
  const on = baselines.find((b) => b.TargetIdentifier === unit.Arn);
  if (!on) return null;
  const changing = on.StatusSummary?.Status === "UNDER_CHANGE";
  return <Badge color={changing ? "grey" : "green"}>{changing ? "Registering" : on.StatusSummary?.Status === "FAILED" ? "Registration failed" : "Registered"}</Badge>;
}

function AccountLine({ account: a }: { account: Account }) {
  const { href } = useHere();
  return (
    <>
      <Link href={href(`/controltower/accounts/${a.Id}`)}>{a.Name}</Link> <Box variant="small">{a.Id} {a.Email}</Box> {stateOf(a) !== "ACTIVE" && <TowerStatus status={stateOf(a)} />}
    </>
  );
}
