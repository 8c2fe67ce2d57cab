import { applyMode, Mode } from "@cloudscape-design/global-styles";

// The reader's choice of light or dark; what the system says, until they choose.

export type Theme = "system" | "light" | "dark";

const key = "theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const theme = (): Theme => (localStorage.getItem(key) as Theme | null) ?? "system";

function apply(): void {
  const chosen = theme();
  applyMode(chosen === "dark" || (chosen === "system" && dark.matches) ? Mode.Dark : Mode.Light);
}

export function setTheme(next: Theme): void {
  if (next === "system") localStorage.removeItem(key);
  else localStorage.setItem(key, next);
  apply();
}

export function startTheme(): void {
  apply();
  dark.addEventListener("change", apply);
}
