/** Days and times of the log. Pure. */

import type { Texts } from "../texts/index.js";

const DAY_MS = 86_400_000;

/** Today, yesterday, the weekday of the last week, else the date. */
export function dayName(language: string, at: string, texts: Texts, now = new Date()): string {
  const date = new Date(at);
  const days = Math.round((startOf(now) - startOf(date)) / DAY_MS);
  if (days === 0) return texts.talkToday;
  if (days === 1) return texts.talkYesterday;
  if (days > 1 && days < 7) return date.toLocaleDateString(language, { weekday: "long" });
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "long", ...year });
}

export function clockTime(language: string, at: string): string {
  return new Date(at).toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
}

/** The whole instant, for whoever rests on a time. */
export function instant(language: string, at: string): string {
  return new Date(at).toLocaleString(language, { dateStyle: "full", timeStyle: "medium" });
}

const startOf = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
