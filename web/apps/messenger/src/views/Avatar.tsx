/** A face: the picture, or else the first letters of a name, or, for what is nobody, a drawing. */

import { webUrl } from "@causerie/client/safe";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./Icons.js";

interface Props {
  name: string;
  url?: string | null | undefined;
  size?: "small" | "large";
}

export function Avatar({ name, url, size = "small" }: Props): JSX.Element {
  const [broken, setBroken] = useState<string | null>(null);
  const safe = url ? webUrl(url) : null;
  if (safe !== null && broken !== safe) {
    return <img class={`avatar ${size}`} src={safe} alt="" referrerpolicy="no-referrer" onError={() => setBroken(safe)} />;
  }
  const letters = initials(name);
  return (
    <span class={`avatar letters ${size}`} aria-hidden="true">
      {letters === "" ? <Icon name="spark" size={size === "large" ? 28 : 16} /> : letters}
    </span>
  );
}

/** The first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : words;
  return chosen.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
