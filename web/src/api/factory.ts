import { call } from "./call";
import type { Check } from "./error";

export type Kind = "launch" | "enroll" | "update" | "access" | "unmanage" | "close" | "repair";
export type State = "waiting" | "running" | "needs-decision" | "waiting-for-person" | "succeeded" | "failed" | "cancelled";

// Parameters are the six of the Account Factory product.
export interface Parameters {
  name: string;
  accountEmail: string;
  ou: string;
  ssoUserEmail: string;
  ssoUserFirstName: string;
  ssoUserLastName: string;
}

// Access is a permission set for a group or a user.
export interface Access {
  group?: string;
  user?: string;
  permissionSet: string;
}

// Contact is an alternate contact of an account.
export interface Contact {
  type: "BILLING" | "OPERATIONS" | "SECURITY";
  name: string;
  title: string;
  email: string;
  phone: string;
}

// Input is what is asked of the factory.
export interface Input extends Partial<Parameters> {
  kind?: Kind;
  account?: string;
  removeOldAccess?: boolean;
  grant?: Access[];
  revoke?: Access[];
  coolOff?: string;
  newName?: string;
  newEmail?: string;
  tags?: Record<string, string>;
  contacts?: Contact[];
  fields?: Record<string, string>;
  reason?: string;
  region?: string;
}

// Event is a line of a request's timeline.
export interface Event {
  at: string;
  step: string;
  text: string;
  awsCode?: string;
  awsMessage?: string;
  alarm?: boolean;
}

// Ask is what a request needs of a person before it goes on.
export interface Ask {
  for: "decision" | "email-code" | "sso-user";
  who: string;
  what: string;
  options?: { choice: string; effect: string }[];
  since: string;
  expiresAt: string;
}

// HookRun is one telling of a hook, and what came of it.
export interface HookRun {
  id: string;
  hook: string;
  event: "success" | "failure" | "waiting" | "cancelled";
  state: "pending" | "done" | "failed";
  attempts: number;
  createdAt: string;
  endedAt?: string;
  result?: string;
  output?: string; // for operators and auditors
}

// Request is one request as the factory shows it; lists leave the timeline out.
export interface Request extends Parameters {
  account?: string; // as it was asked for, of kinds about an account that exists
  id: string;
  number: number;
  kind: Kind;
  state: State;
  step: string;
  steps?: string[]; // those it takes, in order
  accountId: string;
  provisionedProductId?: string;
  requester: string;
  role?: string;
  reason?: string;
  errorCode?: string;
  errorMessage?: string;
  explanation?: string;
  cancelRequested?: boolean;
  createdAt: string;
  updatedAt: string;
  startedAt?: string;
  endedAt?: string;
  notBefore?: string;
  generation: number;
  position: number;
  waitingFor?: string;
  expectedStart?: string;
  timeline?: Event[];
  hooks?: HookRun[];
  ask?: Ask;
  toDo?: string; // what a person may do yet
  grant?: Access[];
  revoke?: Access[];
  newName?: string;
  newEmail?: string;
  coolOff?: string;
  tags?: Record<string, string>;
  contacts?: Contact[];
  fields?: Record<string, string>;
}

// Write is a call a dry run says would be made.
export interface Write {
  service: string;
  operation: string;
  as: string;
  parameters: Record<string, string>;
  effect: string;
}

export interface Plan {
  checks: Check[];
  writes: Write[];
}

export type Mode = "open" | "paused" | "draining";

export interface Queue {
  mode: Mode;
  modeBy?: string;
  modeAt?: string;
  limit: number;
  running: number;
  waiting: number;
  usual: string;
  drained: boolean;
  nextStart?: string;
}

export interface AuditRow {
  number: number;
  at: string;
  actor: string;
  action: string;
  requestId?: string;
  reason?: string;
  before: unknown;
  after: unknown;
  previous: string;
  hash: string;
}

export type Standing = "requester" | "operator" | "auditor" | "viewer";

// Catalog is what a launch form needs, of the factory's own reading: it is there for people without roles of AWS too.
export interface Catalog {
  product?: { id: string; name: string; versionId: string; version: string }; // absent where the factory makes accounts by itself
  organizationalUnits: { id: string; name: string; path: string; value: string }[];
}

// Caller is what the opened role is to the factory.
export interface Caller {
  arn: string;
  accountId: string;
  role: Standing;
}

export interface Requests {
  requests: Request[];
  next?: string | number;
}

// Factory is the factory's API in the name of an opened role.
export interface Factory {
  caller(): Promise<Caller>;
  check(input: Input, signal?: AbortSignal): Promise<Plan>;
  submit(input: Input, key: string): Promise<Request>;
  list(query: Record<string, string>): Promise<Requests>;
  get(id: string): Promise<Request>;
  retry(id: string): Promise<Request>;
  cancel(id: string): Promise<Request>;
  answer(id: string, body: { choice?: string; code?: string }): Promise<Request>;
  retryHook(id: string, run: string): Promise<Request>;
  queue(): Promise<Queue>;
  setQueue(change: { limit?: number; mode?: Mode }): Promise<Queue>;
  audit(after: number): Promise<AuditRow[]>;
  catalog(): Promise<Catalog>;
  readonly as: string;
}

export function factoryAs(account: string, roleName: string): Factory {
  const role = `${account}/${roleName}`;
  const on = (id: string) => `/api/v1/requests/${encodeURIComponent(id)}`;
  return {
    as: role,
    caller: () => call("GET", "/api/v1/caller", { role }),
    check: (body, signal) => call("POST", "/api/v1/checks", { role, body, signal }),
    submit: (body, key) => call("POST", "/api/v1/requests", { role, body, key }),
    list: (query) => call("GET", "/api/v1/requests?" + new URLSearchParams(query), { role }),
    get: (id) => call("GET", on(id), { role }),
    retry: (id) => call("POST", on(id) + "/retry", { role, body: {} }),
    cancel: (id) => call("POST", on(id) + "/cancel", { role, body: {} }),
    answer: (id, body) => call("POST", on(id) + "/answer", { role, body }),
    retryHook: (id, run) => call("POST", `${on(id)}/hooks/${encodeURIComponent(run)}/retry`, { role, body: {} }),
    queue: () => call("GET", "/api/v1/queue", { role }),
    setQueue: (body) => call("PUT", "/api/v1/queue", { role, body }),
    catalog: () => call("GET", "/api/v1/catalog", { role }),
    audit: async (after) => (await call<{ rows: AuditRow[] }>("GET", `/api/v1/audit?after=${after}`, { role })).rows,
  };
}
