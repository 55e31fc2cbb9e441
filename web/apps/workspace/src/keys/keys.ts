/**
 * Keys for everything: one listener for the page, and a list of what each key does, from which the help sheet is made.
 *
 * A key is written `j`, `?`, `Mod+k` (Command on a Mac, Control elsewhere), `Shift+ArrowDown`, or as two in a row, `g m`. Plain keys do
 * nothing while somebody writes.
 */

export type KeyGroup = "moving" | "conversation" | "lists" | "page";

export interface Binding {
  readonly keys: string;
  readonly group: KeyGroup;
  /** What it does, in the agent's language. */
  readonly words: string;
  readonly act: () => void;
  /** Not now, if it says so: the key is left to the browser. */
  readonly isOff?: boolean | undefined;
  /** Also while somebody writes. */
  readonly whileWriting?: boolean | undefined;
}

/** How long the first of two keys waits for the second. */
export const SECOND_MS = 1_200;

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How a pressed key is written. Shift is named for keys that have no sign of their own with it, such as arrows. */
export function written(event: Pressed, isMac: boolean): string {
  const isSign = event.key.length === 1 && event.key !== " ";
  const parts: string[] = [];
  if (isMac ? event.metaKey : event.ctrlKey) parts.push("Mod");
  if (isMac ? event.ctrlKey : event.metaKey) parts.push("Meta");
  if (event.altKey) parts.push("Alt");
  const isLetter = isSign && event.key.toLowerCase() !== event.key.toUpperCase();
  if (event.shiftKey && (!isSign || (isLetter && parts.length > 0))) parts.push("Shift");
  const key = event.key === " " ? "Space" : isLetter && (parts.length > 0 || !event.shiftKey) ? event.key.toLowerCase() : event.key;
  return [...parts, key].join("+");
}

/** Whether what is typed there goes into a text. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  const plain = new Set(["button", "checkbox", "radio", "range", "color", "file", "submit", "reset"]);
  return target instanceof HTMLInputElement && !plain.has(target.type);
}

/** Which binding a key means, after an earlier one or alone; `first` when it may be the first of two. */
export function meant(bindings: readonly Binding[], earlier: string | null, key: string, writing: boolean): { binding: Binding | null; first: boolean } {
  const usable = bindings.filter((one) => one.isOff !== true && (!writing || one.whileWriting === true));
  const both = earlier === null ? undefined : usable.findLast((one) => one.keys === `${earlier} ${key}`);
  if (both !== undefined) return { binding: both, first: false };
  const alone = usable.findLast((one) => one.keys === key);
  return { binding: alone ?? null, first: alone === undefined && usable.some((one) => one.keys.startsWith(`${key} `)) };
}

const SHOWN: Record<string, string> = {
  ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Enter: "↵", Escape: "Esc", Shift: "⇧", Space: "␣",
};

/** The keys as they are shown: `Ctrl K`, `G then M` as two. */
export function shown(keys: string, isMac: boolean): string[] {
  return keys.split(" ").map((one) => one.split(/\+(?=.)/).map((part) => name(part, isMac)).join(isMac ? "" : " "));
}

function name(part: string, isMac: boolean): string {
  if (part === "Mod") return isMac ? "⌘" : "Ctrl";
  if (part === "Alt") return isMac ? "⌥" : "Alt";
  if (part === "Meta") return isMac ? "⌃" : "Meta";
  return SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

export const IS_MAC = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.platform);
