/** A person's picture, or their initials on a colour that stays theirs. */

import { useState } from "react";

export type Presence = "online" | "away" | "transfers_only" | "offline";

const HUES = 8;

/** One of a few colours, always the same for the same name or id. */
export function hueOf(seed: string): number {
  let sum = 0;
  for (const sign of seed) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0], last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last].map((word) => [...(word ?? "")].find((sign) => /[\p{L}\p{N}]/u.test(sign)) ?? "").join("").toUpperCase();
}

export interface AvatarProps {
  name: string;
  /** What the colour goes by; the name, if not given. */
  seed?: string;
  url?: string | null | undefined;
  size?: number;
  presence?: Presence;
}

export function Avatar({ name, seed, url, size = 32, presence }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = url !== undefined && url !== null && url.startsWith("https:") && broken !== url;
  return (
    <span className={`avatar hue-${hueOf(seed ?? name)}`} style={{ inlineSize: size, blockSize: size, fontSize: size * 0.38 }} aria-hidden>
      {shown ? <img src={url} alt="" referrerPolicy="no-referrer" onError={() => setBroken(url)} /> : initialsOf(name) || "?"}
      {presence !== undefined && <i className={`presence ${presence}`} />}
    </span>
  );
}
