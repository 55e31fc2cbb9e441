/** What may follow a sign that the agent has just written: `/` macros, `@` agents (in notes). Pure. */

export interface Trigger {
  sign: "/" | "@";
  /** Where the sign stands. */
  at: number;
  /** What was written behind it. */
  words: string;
}

const MAX_WORDS = 40;
export const MAX_SHOWN = 8;

/** The sign before the caret that asks for something: at the start of a line, or after a space. */
export function triggerOf(text: string, caret: number, isNote: boolean): Trigger | null {
  const before = text.slice(Math.max(0, caret - MAX_WORDS), caret);
  const found = /(?:^|[\s(])([/@])([^\n/@]*)$/.exec(before);
  if (found === null) return null;
  const [, sign, words = ""] = found;
  if (sign === "@" && !isNote) return null;
  // Words behind a slash may hold spaces, as titles of macros do; two of them end it.
  if (/\s{2}|^\s/.test(words)) return null;
  return { sign: sign as Trigger["sign"], at: caret - words.length - 1, words };
}
