/** Instants in few signs, as a list has room for them. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let found = formats.get(key);
  if (found === undefined) formats.set(key, (found = new Intl.DateTimeFormat(language, options)));
  return found;
}

/** How long ago: `now`, `4m`, `3h`, then the weekday, then the day. `words` is what is said of less than a minute. */
export function ago(at: number, now: number, language: string, words: string): string {
  const passed = now - at;
  if (passed < MINUTE) return words;
  if (passed < HOUR) return short(Math.floor(passed / MINUTE), "minute", language);
  if (passed < 12 * HOUR) return short(Math.floor(passed / HOUR), "hour", language);
  if (passed < 6 * DAY && passed >= 0) return isSameDay(at, now) ? format(language, { timeStyle: "short" }).format(at) : format(language, { weekday: "short" }).format(at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(language, isThisYear ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", year: "numeric" }).format(at);
}

export function exactly(at: number, language: string): string {
  return format(language, { dateStyle: "long", timeStyle: "short" }).format(at);
}

/** A length of time in its largest unit. */
export function length(ms: number, language: string): string {
  if (ms < HOUR) return short(Math.max(1, Math.round(ms / MINUTE)), "minute", language);
  if (ms < 2 * DAY) return short(Math.round(ms / HOUR), "hour", language);
  return short(Math.round(ms / DAY), "day", language);
}

const isSameDay = (one: number, other: number): boolean => new Date(one).toDateString() === new Date(other).toDateString();

const numbers = new Map<string, Intl.NumberFormat>();

function short(count: number, unit: "minute" | "hour" | "day", language: string): string {
  const key = language + unit;
  let found = numbers.get(key);
  if (found === undefined) numbers.set(key, (found = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "narrow" })));
  return found.format(count);
}
