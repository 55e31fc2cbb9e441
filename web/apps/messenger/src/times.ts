/** Instants as people say them, in their language and their own time zone. */

import type { Texts } from "./texts/index.js";

const DAY_MS = 86_400_000;

export function clockTime(locale: string, at: string): string {
  return new Date(at).toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
}

/** Today's by the clock, others by the day. */
export function shortTime(locale: string, at: string, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return clockTime(locale, at);
  return date.toLocaleDateString(locale, { day: "numeric", month: "short" });
}

export function dayName(locale: string, at: string, texts: Pick<Texts, "today" | "yesterday">, now = new Date()): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) return texts.today;
  if (date.toDateString() === new Date(now.getTime() - DAY_MS).toDateString()) return texts.yesterday;
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long", ...year });
}

export function longDay(locale: string, at: string): string {
  return new Date(at).toLocaleDateString(locale, { day: "numeric", month: "long", year: "numeric" });
}
