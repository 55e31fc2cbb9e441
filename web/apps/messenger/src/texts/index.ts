/** Which language is spoken, and what is said in it. What a catalogue does not have is said in English. */

import { en, type Texts } from "./en.js";
import { fr } from "./fr.js";

export type { Texts } from "./en.js";

/** Each language by the first part of its tag. A new one is one file, and one entry here. */
const CATALOGUES: Record<string, Partial<Texts>> = { en, fr };
const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"]);

export interface Language {
  /** A well-formed tag, for dates and numbers. */
  locale: string;
  direction: "ltr" | "rtl";
  texts: Texts;
}

/** The first of the wished languages that is spoken, else English. */
export function languageOf(...wished: (string | undefined)[]): Language {
  const tags = wished.flatMap((one) => (one === undefined ? [] : wellFormed(one)));
  const locale = tags.find((tag) => base(tag) in CATALOGUES) ?? tags[0] ?? "en";
  const direction = RIGHT_TO_LEFT.has(base(locale)) ? "rtl" : "ltr";
  return { locale, direction, texts: { ...en, ...CATALOGUES[base(locale)] } };
}

/** The first of the wished languages that is a tag at all, spoken or not; none: "". */
export const wishOf = (...wished: (string | undefined)[]): string => wished.flatMap((one) => (one === undefined ? [] : wellFormed(one)))[0] ?? "";

const base = (tag: string): string => tag.slice(0, /[-_]|$/.exec(tag)?.index).toLowerCase();

function wellFormed(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag.replaceAll("_", "-"));
  } catch {
    return [];
  }
}
