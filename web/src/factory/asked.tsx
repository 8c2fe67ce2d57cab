import type { Request } from "../api/factory";

const pairs = (of: Record<string, string> = {}) => Object.entries(of).map(([k, v]) => `${k} = ${v}`);

// asked lists what a request was given besides the six parameters, as far as it was given anything.
export function asked(r: Request): { label: string; value: React.ReactNode }[] {
  const access = (of: Request["grant"] = []) => of.map((a) => `${a.permissionSet} for ${a.group ?? a.user}`);
  const all: [string, string[]][] = [
    ["New name", r.newName ? [r.newName] : []],
    ["New e-mail", r.newEmail ? [r.newEmail] : []],
    ["Waits before closing", r.coolOff ? [r.coolOff] : []],
    ["Access given", access(r.grant)],
    ["Access taken away", access(r.revoke)],
    ["Tags", pairs(r.tags)],
    ["Alternate contacts", (r.contacts ?? []).map((c) => `${c.type.toLowerCase()}: ${c.name}, ${c.title}, ${c.email}, ${c.phone}`)],
    ["Custom fields", pairs(r.fields)],
  ];
  return all.filter(([, lines]) => lines.length > 0).map(([label, lines]) => ({ label, value: lines.map((line) => <div key={line} className="af-words">{line}</div>) }));
}
