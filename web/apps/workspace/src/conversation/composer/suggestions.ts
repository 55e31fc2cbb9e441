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

/** Those whose names have all the words, in the order of how early. */
export function matching<T>(all: readonly T[], name: (one: T) => string, words: string): T[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  const scored = all.map((one, at) => ({ one, at, rank: rankOf(plain(name(one)), wanted) })).filter(({ rank }) => rank >= 0);
  scored.sort((one, other) => one.rank - other.rank || one.at - other.at);
  return scored.slice(0, MAX_SHOWN).map(({ one }) => one);
}

function rankOf(name: string, wanted: readonly string[]): number {
  let rank = 0;
  for (const word of wanted) {
    const at = name.indexOf(word);
    if (at < 0) return -1;
    rank += at === 0 ? 0 : /\s/.test(name.charAt(at - 1)) ? 1 : 2;
  }
  return rank;
}

/** Without capitals and accents. */
const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
