/** One message or note in the log, with who said it and how far it has come. */

import { useAgent, useOrders } from "@causerie/agent/react";
import { Bot, Check, CheckCheck, Clock3, Lock, TriangleAlert } from "lucide-react";
import { memo } from "react";
import { useLanguage, useTexts } from "../texts/language.js";
import { Avatar, Button } from "../ui/index.js";
import { Body } from "./contents/Body.js";
import type { Said } from "./rows.js";
import { clockTime, instant } from "./times.js";
import { useNames } from "./useNames.js";

interface Props {
  said: Said;
  /** A form that was filled in. */
  isAnswered: boolean;
  isLastOut: boolean;
}

export const Entry = memo(Shown, (one, other) => one.isLastOut === other.isLastOut && one.isAnswered === other.isAnswered && isSame(one.said, other.said));

/** Rows are made anew at each change of the conversation; most of them are as they were. */
function isSame(one: Said, other: Said): boolean {
  const parts = ["key", "id", "content", "state", "deleted", "first", "last", "code"] as const;
  return parts.every((part) => one[part] === other[part]);
}

function Shown({ said, isAnswered, isLastOut }: Props) {
  const { language } = useLanguage();
  const name = useName(said);
  const side = said.speaker === "customer" ? "theirs" : "ours";
  const kinds = [side, said.internal && "note", said.first && "first", said.last && "last", said.speaker, said.state].filter(Boolean).join(" ");
  return (
    <li className={`talk-entry ${kinds}`}>
      <span className="talk-side">{said.last && <Face said={said} name={name} />}</span>
      <article className="talk-said" aria-label={`${name}, ${clockTime(language, said.at)}`}>
        {said.first && (
          <p className="talk-author" dir="auto">
            {said.internal && <Lock size={12} aria-hidden />}
            {name}
            <NoteWord isNote={said.internal} />
          </p>
        )}
        {said.quoted !== null && said.quoted !== "" && (
          <blockquote className="talk-quoted" dir="auto">
            {said.quoted}
          </blockquote>
        )}
        <Body said={said} isAnswered={isAnswered} />
        <Foot said={said} isLastOut={isLastOut} />
      </article>
    </li>
  );
}

function NoteWord({ isNote }: { isNote: boolean }) {
  const texts = useTexts();
  return isNote ? <small>{texts.talkNoteWord}</small> : null;
}

function useName({ isMine, speaker, author }: Said): string {
  const texts = useTexts();
  const names = useNames();
  if (isMine) return texts.talkYou;
  if (author?.displayName) return author.displayName;
  if (author?.agentId !== undefined) return names.agent(author.agentId);
  return speaker === "customer" ? texts.talkCustomer : speaker === "bot" ? texts.talkBot : texts.talkSystem;
}

function Face({ said, name }: { said: Said; name: string }) {
  const me = useAgent((state) => state.me);
  if (said.speaker === "bot" || said.speaker === "system") {
    return (
      <span className="talk-bot-face" aria-hidden>
        <Bot size={16} />
      </span>
    );
  }
  const own = said.isMine ? (said.author?.displayName ?? me?.displayName ?? name) : name;
  return <Avatar name={own} seed={said.author?.userId ?? said.author?.agentId ?? me?.id ?? name} url={said.author?.avatarUrl} size={28} />;
}

function Foot({ said, isLastOut }: { said: Said; isLastOut: boolean }) {
  const { language } = useLanguage();
  if (said.state === "failed") return <Failed said={said} />;
  const isUnderway = said.state === "waiting" || said.state === "sending";
  if (!said.last && !isLastOut && !isUnderway && said.state !== "undelivered") return null;
  return (
    <p className="talk-foot">
      <time dateTime={said.at} title={instant(language, said.at)}>
        {clockTime(language, said.at)}
      </time>
      {said.speaker !== "customer" && !said.internal && (isLastOut || isUnderway || said.state === "undelivered") && <Mark state={said.state} />}
    </p>
  );
}

const SIGNS = { waiting: Clock3, sending: Clock3, sent: Check, delivered: CheckCheck, read: CheckCheck, failed: TriangleAlert, undelivered: TriangleAlert };

function Mark({ state }: { state: Said["state"] }) {
  const texts = useTexts();
  const words = {
    waiting: texts.talkWaits,
    sending: texts.talkSending,
    sent: texts.talkSent,
    delivered: texts.talkDelivered,
    read: texts.talkRead,
    failed: texts.talkNotSent,
    undelivered: texts.talkUndelivered,
  };
  const Sign = SIGNS[state];
  return (
    <span className={`talk-mark ${state}`}>
      <Sign size={13} aria-hidden /> {words[state]}
    </span>
  );
}

function Failed({ said }: { said: Said }) {
  const orders = useOrders();
  const texts = useTexts();
  return (
    <p className="talk-foot failed" role="alert">
      <TriangleAlert size={13} aria-hidden /> {texts.talkNotSentBecause(said.code ?? "")}
      <Button size="small" variant="quiet" onPress={() => orders.retry(said.key)}>
        {texts.talkRetry}
      </Button>
      <Button size="small" variant="quiet" onPress={() => orders.forget(said.key)}>
        {texts.talkDiscard}
      </Button>
    </p>
  );
}
