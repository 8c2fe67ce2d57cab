import { hasRoles, type Session } from "../api/session";

// The services of the console, findable by the names they have, had, and go by among people.
export interface ServiceEntry {
  name: string;
  about: string;
  path: string; // below the opened role
  words: string[];
  twinOnly?: boolean;
  ofAWS?: boolean; // AWS's own console has it: on AWS there is one page, which links there
  pages: { text: string; path: string }[];
}

const all: ServiceEntry[] = [
  {
    name: "Service Catalog",
    about: "Products to launch, and what was launched",
    path: "/servicecatalog/products",
    words: ["AWS Service Catalog", "Products list", "Account Factory", "launch", "provision", "new account", "vend"],
    pages: [
      { text: "Products", path: "/servicecatalog/products" },
      { text: "Provisioned products", path: "/servicecatalog/provisioned-products" },
    ],
  },
  {
    name: "Account Factory",
    about: "Requests for accounts: queue, steps, repair",
    path: "/factory/requests",
    words: ["requests", "queue", "audit", "status", "retry", "repair", "waiting"],
    pages: [
      { text: "Requests", path: "/factory/requests" },
      { text: "Waiting for a person", path: "/factory/attention" },
      { text: "Queue", path: "/factory/queue" },
      { text: "Audit log", path: "/factory/audit" },
    ],
  },
  {
    name: "Control Tower",
    about: "Landing zone, organization, accounts, controls",
    path: "/controltower",
    words: ["AWS Control Tower", "landing zone", "guardrails", "controls", "drift", "AWS Organizations", "organizational units", "OU", "enroll account", "create account"],
    ofAWS: true,
    pages: [
      { text: "Landing zone", path: "/controltower" },
      { text: "Organization", path: "/controltower/organization" },
      { text: "Create account", path: "/controltower/create-account" },
      { text: "Enroll account", path: "/controltower/enroll-account" },
      { text: "Controls", path: "/controltower/controls" },
    ],
  },
  {
    name: "IAM Identity Center",
    about: "Users, groups, permission sets and who may enter which account",
    path: "/identitycenter/users",
    words: ["AWS SSO", "AWS Single Sign-On", "Single Sign-On", "SSO", "Identity Center", "directory", "permission sets", "assignments", "invite", "password"],
    ofAWS: true,
    pages: [
      { text: "Users", path: "/identitycenter/users" },
      { text: "Groups", path: "/identitycenter/groups" },
      { text: "Permission sets", path: "/identitycenter/permission-sets" },
      { text: "AWS accounts", path: "/identitycenter/accounts" },
    ],
  },
  {
    name: "Lab",
    about: "Mail, clock, faults and events of the twin",
    path: "/lab/outbox",
    words: ["twin", "rehearsal", "outbox", "mail", "clock", "faults", "scenarios", "events", "failures"],
    twinOnly: true,
    pages: [
      { text: "Outbox", path: "/lab/outbox" },
      { text: "Clock", path: "/lab/clock" },
      { text: "Faults", path: "/lab/faults" },
      { text: "Scenarios", path: "/lab/scenarios" },
      { text: "Events", path: "/lab/events" },
    ],
  },
];

// On AWS these two forms of the factory stand with it: Control Tower's other pages are AWS's.
const forms = [
  { text: "Create account", path: "/controltower/create-account" },
  { text: "Enroll account", path: "/controltower/enroll-account" },
];

// servicesFor gives the services there are for somebody, on the cloud that is served.
export function servicesFor(session: Session): ServiceEntry[] {
  const twin = session.cloud === "twin";
  const plain = !hasRoles(session);
  if (twin && !plain) return all;
  return all
    .filter((s) => (twin || !s.twinOnly) && !(plain && (s.ofAWS || s.twinOnly)))
    .map((s) => {
      if (s.path === "/factory/requests") return { ...s, words: [...s.words, "enroll account", "create account"], pages: [...s.pages, ...forms] };
      return s.ofAWS ? { ...s, about: `${s.about}, in AWS's console`, pages: s.pages.slice(0, 1) } : s;
    });
}

// findServices gives those of the services that a search means, the best first, each with the word that was meant.
export function findServices(text: string, services: ServiceEntry[]): { entry: ServiceEntry; word: string }[] {
  const wanted = text.trim().toLowerCase();
  const found = services
    .map((entry) => ({ entry, word: [entry.name, ...entry.words, ...entry.pages.map((p) => p.text)].find((w) => w.toLowerCase().includes(wanted)) ?? "" }))
    .filter(({ word }) => word);
  return found.sort((a, b) => Number(b.word === b.entry.name) - Number(a.word === a.entry.name));
}
