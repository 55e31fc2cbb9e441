/** A note's words, in which the agents whom it mentions stand out. */

import { pieces } from "@causerie/client/safe";
import { Fragment } from "react";
import { useNames } from "../useNames.js";

export function Mentions({ text }: { text: string }) {
  const { mentions } = useNames();
  return (
    <p className="talk-plain" dir="auto">
      {pieces(text).map(({ text: part, url }, at) =>
        url === null ? (
          <Fragment key={at}>
            {mentionsIn(part, mentions).map((one, place) => (one.isName ? <mark key={place}>{one.text}</mark> : one.text))}
          </Fragment>
        ) : (
          <a key={at} href={url} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ),
      )}
    </p>
  );
}

/** A text in pieces: words, and the `@names` among them. Longer names first, so that `@Ann Lee` is not `@Ann`. */
export function mentionsIn(text: string, names: readonly string[]): { text: string; isName: boolean }[] {
  const found: { text: string; isName: boolean }[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const name = names.find((one) => text.startsWith(one, at + 1));
    if (name === undefined) continue;
    if (at > from) found.push({ text: text.slice(from, at), isName: false });
    from = at + 1 + name.length;
    found.push({ text: text.slice(at, from), isName: true });
  }
  if (from < text.length) found.push({ text: text.slice(from), isName: false });
  return found;
}
