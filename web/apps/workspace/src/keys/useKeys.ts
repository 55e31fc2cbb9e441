/** Keys of a component, for as long as it is there. */

import { useEffect, useRef, useSyncExternalStore } from "react";
import { IS_MAC, isWriting, meant, SECOND_MS, shown, written, type Binding } from "./keys.js";

/** What each component has bound, in the order in which they came. */
const bound = new Map<symbol, readonly Binding[]>();
const watchers = new Set<() => void>();
let all: readonly Binding[] = [];
let earlier: { key: string; at: number } | null = null;

function changed(): void {
  all = [...bound.values()].flat();
  for (const watcher of watchers) watcher();
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.key === "Enter") return;
  if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
  const key = written(event, IS_MAC);
  const before = earlier !== null && event.timeStamp - earlier.at < SECOND_MS ? earlier.key : null;
  earlier = null;
  // A dialog is above the page: what is behind it does not hear keys.
  const isCovered = event.target instanceof Element && event.target.closest("[role=dialog],[role=menu],[role=alertdialog]") !== null;
  const found = meant(all, before, key, isWriting(event.target) || isCovered);
  if (found.first) earlier = { key, at: event.timeStamp };
  if (found.binding === null) return;
  event.preventDefault();
  found.binding.act();
}

let isListening = false;

/** Binds keys while the component is there. They may change with each drawing. */
export function useKeys(bindings: readonly Binding[]): void {
  const mine = useRef(Symbol("keys"));
  const latest = useRef(bindings);
  latest.current = bindings;
  const signature = bindings.map((one) => `${one.keys}\u0000${one.words}\u0000${one.isOff === true}`).join("\u0001");
  useEffect(() => {
    if (!isListening) {
      isListening = true;
      window.addEventListener("keydown", pressed);
    }
    bound.set(mine.current, latest.current.map((one, at) => ({ ...one, act: () => latest.current[at]?.act() })));
    changed();
    return () => {
      bound.delete(mine.current);
      changed();
    };
  }, [signature]);
}

/** Everything that keys do now: for the help sheet and the palette. */
export function useBindings(): readonly Binding[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => all,
  );
}

/** The keys as this machine shows them, in one piece. */
export function hintOf(keys: string): string {
  return shown(keys, IS_MAC).join(" ");
}
