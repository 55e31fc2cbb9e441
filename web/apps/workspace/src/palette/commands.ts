/** What the palette finds for some words. Pure. */

export interface Command {
  readonly id: string;
  readonly words: string;
  /** More by which it is found, and that is not shown. */
  readonly also?: string;
  readonly act: () => void;
}

/** Without case and accents. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

/**
 * How well `text` answers `words`: each of them must begin a word of it (best), or be in it, or have its letters in it in their order.
 * 0: not at all.
 */
export function score(text: string, words: string): number {
  const where = plain(text);
  let sum = 0;
  for (const word of plain(words).split(/\s+/u).filter(Boolean)) {
    const one = scoreOf(where, word);
    if (one === 0) return 0;
    sum += one;
  }
  return sum;
}

function scoreOf(where: string, word: string): number {
  if (where.startsWith(word)) return 4;
  const at = where.indexOf(word);
  if (at > 0) return /[\p{L}\p{N}]/u.test(where[at - 1] ?? "") ? 2 : 3;
  return word.length > 2 && hasLetters(where, word) ? 1 : 0;
}

function hasLetters(where: string, word: string): boolean {
  let at = 0;
  for (const sign of word) {
    at = where.indexOf(sign, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

export interface Findable {
  readonly words: string;
  readonly also?: string | undefined;
}

const scoreAll = (one: Findable, words: string): number => Math.max(score(one.words, words), score(one.also ?? "", words) * 0.8);

/** Groups of things that were found, the group with the best one first; of equals the earlier. */
export function inOrder<T extends Findable>(groups: readonly (readonly T[])[], words: string): T[] {
  if (words.trim() === "") return groups.flat();
  const top = groups.map((group, at) => ({ group, at, score: Math.max(0, ...group.map((one) => scoreAll(one, words))) }));
  return top.sort((one, other) => other.score - one.score || one.at - other.at).flatMap((each) => each.group);
}

/** The best ones first; all of them, as they stand, for no words. */
export function best<T extends Findable>(those: readonly T[], words: string, most: number): T[] {
  if (words.trim() === "") return those.slice(0, most);
  const scored = those.map((one, at) => ({ one, at, score: scoreAll(one, words) }));
  return scored.filter((each) => each.score > 0).sort((a, b) => b.score - a.score || a.at - b.at).slice(0, most).map((each) => each.one);
}

/** The number of a ticket, for `#42` and `42`. */
export function numberIn(words: string): number | null {
  const found = /^#?([1-9][0-9]{0,14})$/.exec(words.trim());
  return found === null ? null : Number(found[1]);
}
