/** Where the widget comes from, whose it is, and what it is to look like before anybody opens it. */

export interface Place {
  /** The server, without a slash at its end. */
  host: string;
  /** The id of the web integration. */
  key: string;
  locale?: string;
  side: "left" | "right";
}

/** The part of the integration's settings that concerns the launcher, in the words of the API. */
export interface Looks {
  brandColor: string;
  buttonIconUrl: string | null;
  buttonWidth: string;
  buttonHeight: string;
  displayStyle: "button" | "tab";
  businessName: string | null;
}

export const LOOKS: Looks = {
  brandColor: "65758e",
  buttonIconUrl: null,
  buttonWidth: "58",
  buttonHeight: "58",
  displayStyle: "button",
  businessName: null,
};

/** What the script's own tag says; null where it names no integration. */
export function placeOf(script: HTMLScriptElement): Place | null {
  const url = new URL(script.src);
  const key = script.dataset["key"] ?? url.searchParams.get("key");
  if (!key) return null;
  const locale = script.dataset["locale"];
  return {
    host: url.origin,
    key,
    side: script.dataset["position"] === "left" ? "left" : "right",
    ...(locale === undefined ? {} : { locale }),
  };
}

/** What the server says of the launcher. Whatever cannot be had is as it would be by default. */
export async function looksOf(place: Place): Promise<Looks> {
  try {
    const answer = await fetch(`${place.host}/messaging/v1/integrations/${place.key}/config`, { credentials: "omit" });
    const body: unknown = answer.ok ? await answer.json() : {};
    const told = (body as { settings?: object }).settings ?? {};
    const given = Object.entries(told as object).filter(([name, value]) => name in LOOKS && value !== null);
    return { ...LOOKS, ...Object.fromEntries(given) };
  } catch {
    return LOOKS;
  }
}

/** `#` and digits, from the API's digits alone; the default where it is no colour. */
export function color(digits: string): string {
  return /^#?[0-9a-f]{3}([0-9a-f]{3})?$/i.test(digits) ? `#${digits.replace("#", "")}` : `#${LOOKS.brandColor}`;
}

/** Black or white, whichever can be read better on a colour. */
export function inkOn(hex: string): string {
  const digits = hex.replace("#", "");
  const full = digits.length === 3 ? [...digits].map((one) => one + one).join("") : digits;
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const share = parseInt(full.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}
