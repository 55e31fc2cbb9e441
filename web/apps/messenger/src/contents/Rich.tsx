/** The words of a message: HTML by the allow-list, or plain text in which addresses are links. */

import { pieces, safeNodes } from "@causerie/client/safe";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

export function Rich({ text, htmlText }: { text?: string | undefined; htmlText?: string | undefined }): JSX.Element | null {
  if (htmlText !== undefined) return <Html source={htmlText} />;
  return text === undefined || text === "" ? null : <Plain text={text} />;
}

function Html({ source }: { source: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.replaceChildren(safeNodes(source)), [source]);
  return <div class="rich" dir="auto" ref={box} />;
}

function Plain({ text }: { text: string }): JSX.Element {
  return (
    <p class="plain" dir="auto">
      {pieces(text).map(({ text: part, url }) =>
        url === null ? (
          part
        ) : (
          <a href={url} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ),
      )}
    </p>
  );
}
