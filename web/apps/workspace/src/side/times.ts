/** Spans and instants as people say them, in their language. Pure. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3 min`, `2 h 5 min`, `4 d 3 h`: the two largest parts. Less than a minute is one. */
export function span(locale: string, ms: number): string {
  const whole = Math.max(MINUTE_MS, Math.abs(ms));
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(locale, { style: "unit", unit: name, unitDisplay: "narrow" }).format(value);
  const days = Math.floor(whole / DAY_MS);
  const hours = Math.floor((whole % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  if (days > 0) return hours > 0 ? `${unit(days, "day")} ${unit(hours, "hour")}` : unit(days, "day");
  if (hours > 0) return minutes > 0 ? `${unit(hours, "hour")} ${unit(minutes, "minute")}` : unit(hours, "hour");
  return unit(minutes, "minute");
}

/** `23 Nov 2026, 14:05`. */
export function instant(locale: string, at: string): string {
  return new Date(at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** `23 Nov 2026`. */
export function day(locale: string, at: string): string {
  return new Date(at).toLocaleDateString(locale, { dateStyle: "medium" });
}

/** The clock for today, the day for what is older. */
export function shortly(locale: string, at: string, now = Date.now()): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return date.toLocaleTimeString(locale, { hour: "numeric", minute: "2-digit" });
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : { year: "numeric" as const };
  return date.toLocaleDateString(locale, { day: "numeric", month: "short", ...year });
}
