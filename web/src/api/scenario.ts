import { call } from "./call";

export interface ScenarioStep {
  title: string;
  when?: string; // absent for at once
  at?: string; // the twin's time at which it was done
}

export interface Scenario {
  name: string;
  description: string;
  reset: boolean; // meant to begin with the start state
  steps: ScenarioStep[];
  text: string;
}

// Play is one playing of a scenario.
export interface Play {
  name: string;
  state: "playing" | "done" | "failed" | "stopped";
  steps: ScenarioStep[];
  error?: string;
  startedAt: string;
  endedAt?: string;
}

export interface Theatre {
  scenarios: Scenario[];
  play: Play | null;
}

// scenariosAs plays scenarios on the twin in the name of a role that may use its lab.
export function scenariosAs(account: string, role: string) {
  const path = `/api/v1/scenarios/${encodeURIComponent(account)}/${encodeURIComponent(role)}`;
  return {
    read: () => call<Theatre>("GET", path),
    play: (what: { name?: string; text?: string; reset?: boolean }) => call<Play>("POST", path, { body: what }),
    stop: () => call<{ play: Play | null }>("DELETE", path),
  };
}
