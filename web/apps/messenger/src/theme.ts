/** Colours that people can read, made of the brand's: text on them, and they as text on the messenger's own ground. */

import type { Config } from "./config.js";

export type Scheme = "light" | "dark";
type Rgb = readonly [number, number, number];

const INK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const GROUND: Record<Scheme, Rgb> = { light: [255, 255, 255], dark: [27, 31, 41] };
/** What WCAG asks of small text. */
const READABLE = 4.5;

/** `#0af`, `0af`, `00aaff`; null where it is no colour. */
export function rgb(digits: string): Rgb | null {
  const found = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(digits.trim())?.[1];
  if (found === undefined) return null;
  const full = found.length === 3 ? [...found].map((one) => one + one).join("") : found;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)) as unknown as Rgb;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Ink or white, whichever is easier to read on a colour. */
export const inkOn = (ground: Rgb): Rgb => (contrast(ground, WHITE) >= contrast(ground, INK) ? WHITE : INK);

/** The colour itself, or as much darker or lighter as it takes to be read on a ground. */
export function readableOn(ground: Rgb, color: Rgb): Rgb {
  const towards = inkOn(ground);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(color, towards, share);
    if (contrast(mixed, ground) >= READABLE) return mixed;
  }
  return towards;
}

/** The custom properties that the style sheets use. */
export function properties(config: Config, scheme: Scheme): Record<string, string> {
  const [brand, own, action] = [config.brandColor, config.conversationColor, config.actionColor].map((one) => rgb(one) ?? INK) as [Rgb, Rgb, Rgb];
  const ground = GROUND[scheme];
  return {
    "--brand": css(brand),
    "--on-brand": css(inkOn(brand)),
    "--own": css(own),
    "--on-own": css(inkOn(own)),
    "--action": css(action),
    "--on-action": css(inkOn(action)),
    "--action-ink": css(readableOn(scheme === "light" ? [243, 244, 247] : [38, 43, 56], action)),
    "--action-tint": css(mix(ground, action, scheme === "light" ? 0.08 : 0.16)),
  };
}

export const css = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, at) => Math.round(part + ((other[at] as number) - part) * share)) as unknown as Rgb;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
