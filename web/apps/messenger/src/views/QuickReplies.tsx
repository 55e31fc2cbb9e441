/** The answers that the newest message offers, above the composer: one press says it. */

import type { Action } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import type { JSX } from "preact";
import { isForComposer } from "../contents/Actions.js";
import { useMessenger, useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import { Icon } from "./Icons.js";

export function QuickReplies({ question }: { question: Shown }): JSX.Element | null {
  const messenger = useMessenger();
  const texts = useTexts();
  const { content } = question;
  const actions = "actions" in content ? (content.actions ?? []).filter(isForComposer) : [];
  if (actions.length === 0) return null;
  const choose = (action: Action): void => {
    if (action.type === "locationRequest") messenger.shareLocation();
    else if (action.type === "reply") void messenger.say({ type: "text", text: action.text, payload: action.payload }, action.metadata);
  };
  return (
    <div class="replies" role="group" aria-label={texts.chooseAbove}>
      {actions.map((action, at) => (
        <button type="button" class="reply" key={at} onClick={() => choose(action)}>
          {action.type === "locationRequest" ? <Icon name="pin" size={16} /> : <Picture url={action.type === "reply" ? action.iconUrl : undefined} />}
          <span dir="auto">{action.text || texts.shareLocation}</span>
        </button>
      ))}
    </div>
  );
}

function Picture({ url }: { url: string | undefined }): JSX.Element | null {
  const safe = url === undefined ? null : webUrl(url);
  return safe === null ? null : <img src={safe} alt="" referrerpolicy="no-referrer" />;
}
