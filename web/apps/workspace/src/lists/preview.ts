/** A message in one line of a list. */

import type { Summary } from "@causerie/agent";

/** What is shown of it, and what the words of the agent's language must say of it where it has none of its own. */
export type Preview =
  | { readonly kind: "words"; readonly words: string }
  | { readonly kind: "image" | "file" | "carousel" | "list" | "form" | "formResponse" | "location" | "template" | "deleted" | "other" };

const MOST = 160;

/** Text without its markup, in one line. */
export function flat(text: string): string {
  return text.replace(/\s+/gu, " ").trim().slice(0, MOST);
}

export function previewOf(last: NonNullable<Summary["last"]>): Preview {
  const content = last.content as { type: string; text?: string; deleted?: boolean; items?: { title?: string }[] };
  const words = flat(content.text ?? "");
  if (words !== "") return { kind: "words", words };
  switch (content.type) {
    case "image":
    case "file":
    case "form":
    case "formResponse":
    case "location":
    case "template":
      return { kind: content.type };
    case "carousel":
    case "list":
      return content.items?.[0]?.title === undefined ? { kind: content.type } : { kind: "words", words: flat(content.items[0].title) };
    default:
      return { kind: "other" };
  }
}
