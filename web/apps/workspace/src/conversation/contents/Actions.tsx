/** The buttons that a message offers the customer. Here they are shown and do nothing, but for links. */

import type { Action } from "@causerie/client";
import { linkUrl } from "@causerie/client/safe";
import { price } from "@causerie/client/words";
import { ExternalLink, MapPin, Reply } from "lucide-react";
import { useLanguage } from "../../texts/language.js";

export function Actions({ actions }: { actions: readonly Action[] | undefined }) {
  const { texts } = useLanguage();
  if (actions === undefined || actions.length === 0) return null;
  return (
    <ul className="talk-actions" aria-label={texts.talkOffers}>
      {actions.map((action, at) => (
        <li key={at} className={action.type === "reply" ? "reply" : ""}>
          <One action={action} />
        </li>
      ))}
    </ul>
  );
}

function One({ action }: { action: Action }) {
  const { language } = useLanguage();
  switch (action.type) {
    case "link":
      return <Outward text={action.text} uri={action.uri} />;
    case "webview":
      return <Outward text={action.text} uri={action.fallback} />;
    case "buy":
      return (
        <span dir="auto">
          {action.text} · {price(language, action.amount, action.currency ?? "USD")}
        </span>
      );
    case "locationRequest":
      return (
        <span dir="auto">
          <MapPin size={13} aria-hidden /> {action.text}
        </span>
      );
    case "reply":
      return (
        <span dir="auto">
          <Reply size={13} aria-hidden /> {action.text}
        </span>
      );
    case "postback":
      return <span dir="auto">{action.text}</span>;
  }
}

function Outward({ text, uri }: { text: string; uri: string }) {
  const url = linkUrl(uri);
  if (url === null) return <span dir="auto">{text}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
      {text || url} <ExternalLink size={13} aria-hidden />
    </a>
  );
}
