/** The workspace's words in the agent's language. Each room has a catalogue of its own, in English and French at least. */

import { conversation as conversationEn } from "./conversation.en.js";
import { conversation as conversationFr } from "./conversation.fr.js";
import { shell as shellEn } from "./shell.en.js";
import { shell as shellFr } from "./shell.fr.js";
import { side as sideEn } from "./side.en.js";
import { side as sideFr } from "./side.fr.js";
import type { Widened } from "./widened.js";

export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", fr: "Français" };

const en = { ...shellEn, ...conversationEn, ...sideEn };

/** Every text by its name: words, or a function that puts words around something. */
export type Texts = Widened<typeof en>;

export const catalogues: Record<Language, Texts> = { en, fr: { ...shellFr, ...conversationFr, ...sideFr } };

/** The first of the wanted languages that there is. */
export function languageOf(wanted: readonly string[]): Language {
  const bases = wanted.map((one) => one.toLowerCase().split("-")[0]);
  return bases.find((base): base is Language => LANGUAGES.includes(base as Language)) ?? "en";
}
