/** The words of a message: HTML by the allow-list, or plain text in which addresses are links. */

import { pieces, safeNodes } from "@causerie/client/safe";
import { useLayoutEffect, useRef } from "react";

export function Rich({ text, htmlText }: { text?: string | undefined; htmlText?: string | undefined }) {
  if (htmlText !== undefined && htmlText !== "") return <Html source={htmlText} />;
  return text === undefined || text === "" ? null : <Plain text={text} />;
}

function Html({ source }: { source: string }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.replaceChildren(safeNodes(source)), [source]);
  return <div className="talk-rich" dir="auto" ref={box} />;
}

function Plain({ text }: { text: string }) {
  return (
    <p className="talk-plain" dir="auto">
      {pieces(text).map(({ text: part, url }, at) =>
        url === null ? (
          part
        ) : (
          <a key={at} href={url} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ),
      )}
    </p>
  );
}
