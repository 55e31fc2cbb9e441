/** The buttons of a message, an item or a list. Replies and requests for a location are the composer's: see QuickReplies. */

import type { Action, Content } from "@causerie/client";
import { linkUrl } from "@causerie/client/safe";
import { price } from "@causerie/client/words";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLanguage, useMessenger, useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import { Icon } from "../views/Icons.js";

interface Props {
  message: Shown;
  actions: readonly Action[];
  /** How many actions of the message stand before these: by their places the server knows them. */
  before?: number;
}

export function Actions({ message, actions, before = 0 }: Props): JSX.Element | null {
  const placed = actions.map((action, at) => ({ action, place: before + at })).filter(({ action }) => !isForComposer(action));
  if (placed.length === 0) return null;
  return (
    <div class="actions">
      {placed.map(({ action, place }) => (
        <Button key={place} message={message} action={action} place={place} />
      ))}
    </div>
  );
}

export const isForComposer = (action: Action): boolean => action.type === "reply" || action.type === "locationRequest";

/** How many actions stand before those of the item at `at`. */
export function actionsBefore(content: Extract<Content, { items: unknown }>, at: number): number {
  const own = "actions" in content ? (content.actions ?? []).length : 0;
  return content.items.slice(0, at).reduce((sum, item) => sum + item.actions.length, own);
}

function Button({ message, action, place }: { message: Shown; action: Action; place: number }): JSX.Element | null {
  switch (action.type) {
    case "link":
      return <Outward text={action.text} uri={action.uri} />;
    case "webview":
      return <Outward text={action.text} uri={action.fallback} />;
    case "postback":
      return <Press message={message} text={action.text} place={place} />;
    case "buy":
      return <Price text={action.text} amount={action.amount} currency={action.currency ?? "USD"} />;
    default:
      return null;
  }
}

function Outward({ text, uri }: { text: string; uri: string }): JSX.Element | null {
  const url = linkUrl(uri);
  if (url === null) return null;
  return (
    <a class="action" href={url} target="_blank" rel="noopener noreferrer">
      <span dir="auto">{text || url}</span>
      <Icon name="link" size={16} />
    </a>
  );
}

function Press({ message, text, place }: { message: Shown; text: string; place: number }): JSX.Element {
  const messenger = useMessenger();
  const [pressed, setPressed] = useState(false);
  const press = (): void => {
    const conversation = messenger.here();
    if (conversation === null || message.id === null) return;
    messenger.press(conversation, message.id, place);
    setPressed(true);
  };
  return (
    <button type="button" class="action" onClick={press} aria-pressed={pressed}>
      <span dir="auto">{text}</span>
      {pressed && <Icon name="check" size={16} />}
    </button>
  );
}

function Price({ text, amount, currency }: { text: string; amount: number; currency: string }): JSX.Element {
  const { locale } = useLanguage();
  const { buyUnavailable } = useTexts();
  return (
    <button type="button" class="action" disabled title={buyUnavailable}>
      <span dir="auto">{text}</span>
      <span class="price">{price(locale, amount, currency)}</span>
    </button>
  );
}
