/** A person's conversations, newest activity first. */

import type { Thread } from "@causerie/client";
import { unread } from "@causerie/client";
import type { JSX } from "preact";
import { useClient, useLanguage, useMessenger, useStore } from "../hooks.js";
import { inWords } from "../model.js";
import { shortTime } from "../times.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./Icons.js";

interface Row {
  id: string;
  name: string;
  words: string;
  at: string;
  unread: number;
}

export function List(): JSX.Element {
  const messenger = useMessenger();
  const { texts, locale } = useLanguage();
  const config = useStore(messenger.config);
  const rows = useRows();
  return (
    <main class="list-view">
      {rows.length === 0 && <p class="empty">{texts.emptyList}</p>}
      <ul class="conversations">
        {rows.map((row) => (
          <li key={row.id}>
            <button type="button" class="conversation-row" onClick={() => messenger.go({ name: "conversation", id: row.id })}>
              <Avatar name={row.name} url={config.businessIconUrl} />
              <span class="conversation-words">
                <span class="conversation-name" dir="auto">
                  {row.name}
                </span>
                <span class="conversation-text" dir="auto">
                  {row.words}
                </span>
              </span>
              <span class="conversation-side">
                <time dateTime={row.at}>{shortTime(locale, row.at)}</time>
                {row.unread > 0 && (
                  <span class="count" aria-label={texts.unread(row.unread)}>
                    {row.unread}
                  </span>
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {config.canUserCreateMoreConversations && (
        <button type="button" class="action primary begin" onClick={() => messenger.begin()}>
          <Icon name="compose" size={18} /> {texts.newConversation}
        </button>
      )}
    </main>
  );
}

function useRows(): Row[] {
  const messenger = useMessenger();
  const { texts } = useLanguage();
  const { businessName } = useStore(messenger.config);
  const { listed, threads } = useClient();
  const rows = listed
    .filter((one) => !threads[one.id]?.removed)
    .map((one) => {
      const thread: Thread | undefined = threads[one.id];
      const newest = thread?.messages.at(-1);
      return {
        id: one.id,
        name: thread?.name ?? one.displayName ?? businessName ?? texts.conversation,
        words: newest === undefined ? "" : newest.deleted ? texts.deleted : inWords(newest.content, texts),
        at: newest?.received ?? one.lastUpdatedAt ?? one.createdAt,
        unread: thread === undefined ? one.unreadCount : unread(thread),
      };
    });
  return rows.sort((one, other) => other.at.localeCompare(one.at));
}
