/** Parts of contents as people write them, in their language. Pure. */

import type { Answer } from "./contents.js";

/** An amount in the smallest unit of a currency. */
export function price(locale: string, amount: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency });
    return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return `${amount / 100} ${currency}`;
  }
}

/** 2.4 MB: in the unit that gives the fewest digits. */
export function bytes(locale: string, count: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const power = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, count)) / Math.log(1000)));
  const style = { style: "unit", unit: units[power] as string, unitDisplay: "short", maximumFractionDigits: power > 1 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, style).format(count / 1000 ** power);
}

/** What was answered to a question of a form. */
export function valueOf(answer: Answer): string {
  if (answer.type === "select") return answer.select.map((option) => option.label).join(", ");
  return answer.type === "email" ? answer.email : answer.text;
}

/** A place on a map of the world, for whoever wants to look: nothing is fetched from there before. */
export function mapUrl({ lat, long }: { lat: number; long: number }): string {
  return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${long}#map=16/${lat}/${long}`;
}

/** The ending of a file's name, in capitals. */
export function kindOf(name: string): string | undefined {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase();
}
