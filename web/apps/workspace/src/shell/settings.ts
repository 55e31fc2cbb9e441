/** What this browser remembers of how its agent likes the page. Tabs of one browser agree. */

import { useSyncExternalStore } from "react";

export interface Settings {
  readonly theme: "system" | "light" | "dark";
  readonly sounds: boolean;
  readonly desktop: boolean;
  /** Whether the lists stand open at the left, and the person and ticket at the right. */
  readonly nav: boolean;
  readonly side: boolean;
}

const KEY = "causerie.settings";
const DEFAULTS: Settings = { theme: "system", sounds: true, desktop: false, nav: true, side: true };
const watchers = new Set<() => void>();

/** What was kept, as far as it makes sense. */
export function read(text: string | null): Settings {
  let found: Partial<Record<keyof Settings, unknown>> = {};
  try {
    const told: unknown = JSON.parse(text ?? "{}");
    if (typeof told === "object" && told !== null) found = told;
  } catch {
    // Somebody else has been at it.
  }
  const theme = found.theme === "light" || found.theme === "dark" ? found.theme : DEFAULTS.theme;
  const flag = (name: "sounds" | "desktop" | "nav" | "side") => (typeof found[name] === "boolean" ? found[name] : DEFAULTS[name]);
  return { theme, sounds: flag("sounds"), desktop: flag("desktop"), nav: flag("nav"), side: flag("side") };
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let now: Settings = read(stored());
apply();

export const settings = (): Settings => now;

export function change(changes: Partial<Settings>): void {
  now = { ...now, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
  } catch {
    // Then it holds for this visit.
  }
  told();
}

function told(): void {
  apply();
  for (const watcher of watchers) watcher();
}

function apply(): void {
  if (now.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = now.theme;
}

window.addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  now = read(event.newValue);
  told();
});

export function useSettings(): Settings {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => now,
  );
}
