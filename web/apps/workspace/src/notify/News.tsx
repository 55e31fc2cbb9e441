/** Hears what happens: a sound, a notification, and the number of waiting conversations in the tab's title. Shows nothing itself. */

import type { AgentMessage } from "@causerie/agent";
import { useAgent } from "@causerie/agent/react";
import { useEffect, useRef } from "react";
import { previewOf } from "../lists/preview.js";
import { isMyWork } from "../lists/rows.js";
import { go, useRoute } from "../route.js";
import { useStream } from "../session/Connected.js";
import { useTexts } from "../texts/language.js";
import { showOutside } from "./desktop.js";
import { isNews } from "./news.js";
import { ringMessage } from "./sounds.js";

export function News() {
  const stream = useStream();
  const texts = useTexts();
  const { open } = useRoute();
  const opened = useRef<string | null>(null);
  opened.current = open.kind === "conversation" ? open.id : null;
  useEffect(
    () =>
      stream.news.watch((frame) => {
        if (frame?.type !== "event" || frame.topic !== "inbox") return;
        const { me, inbox, routing } = stream.state.get();
        if (me === null) return;
        const conversation = frame.conversation;
        const isMine =
          inbox.conversations.get(conversation)?.ticket?.assigneeId === me.id ||
          Object.values(routing.work).some((one) => one.conversationId === conversation && isMyWork(one, me.id));
        const isInSight = opened.current === conversation && document.visibilityState === "visible" && document.hasFocus();
        const message = isNews(frame.event, { me: me.id, isMine, isInSight });
        if (message === null) return;
        ringMessage();
        if (document.visibilityState === "visible" && document.hasFocus()) return;
        const preview = previewOf({ content: message.content, author: message.author, at: "", internal: false });
        const words = preview.kind === "words" ? preview.words : texts.previewOf(preview.kind);
        showOutside({ title: nameOf(message, texts.visitor), words, tag: conversation, open: () => go({ open: { kind: "conversation", id: conversation } }) });
      }),
    [stream, texts],
  );
  const unread = useAgent((state) => {
    const me = state.me?.id ?? null;
    const mine = Object.values(state.routing.work).filter((one) => isMyWork(one, me));
    return mine.filter((one) => one.conversationId !== undefined && (state.inbox.conversations.get(one.conversationId)?.unread ?? 0) > 0).length;
  });
  useEffect(() => {
    document.title = unread === 0 ? `${texts.workspace} · ${texts.appName}` : `(${unread}) ${texts.workspace} · ${texts.appName}`;
  }, [unread, texts]);
  return null;
}

const nameOf = (message: AgentMessage, fallback: string): string => message.author.displayName || fallback;
