/** What was said, oldest above. It stays at the newest while the person is there, and where it is while they read what was before. */

import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Thread } from "@causerie/client";
import { Body } from "../contents/Body.js";
import { useClient, useLanguage, useMessenger, useStore, useTexts } from "../hooks.js";
import { answered, inWords, type Shown } from "../model.js";
import { clockTime, dayName } from "../times.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./Icons.js";
import { Intro } from "./Intro.js";
import { QuickReplies } from "./QuickReplies.js";
import { UploadList } from "./UploadList.js";

const NEAR = 80;

interface Props {
  messages: readonly Shown[];
  thread: Thread | undefined;
  question: Shown | null;
}

export function Log({ messages, thread, question }: Props): JSX.Element {
  const messenger = useMessenger();
  const { fixedIntroPane } = useStore(messenger.config);
  const uploads = useStore(messenger.uploads.all);
  const { loading } = useClient();
  const scroll = useScroll(messages, uploads.length + (thread?.typists.length ?? 0) + (thread?.ended || thread?.queue ? 0.5 : 0));
  const responses = answered(messages, thread?.messages ?? []);
  const lastOwn = messages.findLast((one) => one.own);
  const older = useOlder(scroll.box, thread);
  useShort(thread, scroll.near);
  return (
    <div class="log-frame">
      {fixedIntroPane && <Intro />}
      <div class="log" ref={scroll.box} tabIndex={0} role="region" aria-label={useTexts().latest}>
        <div class="log-top" ref={older}>
          {thread !== undefined && loading.has(thread.id) && thread.first > 1 && <span class="spinner" />}
        </div>
        {!fixedIntroPane && !thread?.more && <Intro />}
        <ol class="messages">
          {messages.map((one) => (
            <Entry key={one.key} message={one} response={responses.get(one.id ?? "")} isLastOwn={one === lastOwn} />
          ))}
        </ol>
        <UploadList uploads={uploads} />
        {thread?.typists.map((one) => (
          <div class="typing" key={one.name}>
            <Avatar name={one.name} url={one.avatarUrl} />
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
          </div>
        ))}
        <Standing thread={thread} />
        {question && <QuickReplies question={question} />}
      </div>
      {scroll.missed > 0 && <Latest count={scroll.missed} go={scroll.toEnd} />}
      <Announcer messages={messages} />
    </div>
  );
}

interface EntryProps {
  message: Shown;
  response: Shown | undefined;
  isLastOwn: boolean;
}

const Entry = memo(
  ({ message, response, isLastOwn }: EntryProps): JSX.Element => {
    const { texts, locale } = useLanguage();
    const name = message.author?.displayName ?? texts.agent;
    return (
      <>
        {message.newDay && <li class="day">{dayName(locale, message.at, texts)}</li>}
        <li class={`entry ${message.own ? "own" : "theirs"} ${message.first ? "first" : ""} ${message.last ? "last" : ""} ${message.state}`}>
          {!message.own && <span class="side">{message.last && <Avatar name={name} url={message.author?.avatarUrl} />}</span>}
          <article class="said" aria-label={`${message.own ? texts.you : name}, ${clockTime(locale, message.at)}`}>
            {!message.own && message.first && (
              <p class="author" dir="auto">
                {name}
              </p>
            )}
            <Body message={message} response={response} />
            <Foot message={message} isLastOwn={isLastOwn} />
          </article>
        </li>
      </>
    );
  },
  (one, other) => one.isLastOwn === other.isLastOwn && one.response?.key === other.response?.key && isSame(one.message, other.message),
);

/** A message is made anew at each change of the conversation; most of them are as they were. */
function isSame(one: Shown, other: Shown): boolean {
  const parts = ["key", "id", "content", "state", "deleted", "first", "last", "newDay"] as const;
  return parts.every((part) => one[part] === other[part]);
}

function Foot({ message, isLastOwn }: { message: Shown; isLastOwn: boolean }): JSX.Element | null {
  const messenger = useMessenger();
  const { texts, locale } = useLanguage();
  const { showAIDisclaimer } = useStore(messenger.config);
  if (message.state === "failed") return <Failed message={message} />;
  const disclaimer = message.byAI && showAIDisclaimer && message.last;
  if (!disclaimer && !message.last && !isLastOwn) return null;
  return (
    <p class="foot">
      {disclaimer && (
        <span class="ai">
          <Icon name="spark" size={12} /> {texts.aiDisclaimer}
        </span>
      )}
      <time dateTime={message.at}>{clockTime(locale, message.at)}</time>
      {isLastOwn && <Mark state={message.state} />}
    </p>
  );
}

function Mark({ state }: { state: Exclude<Shown["state"], "failed"> | "failed" }): JSX.Element {
  const texts = useTexts();
  const words = { waiting: texts.sending, sending: texts.sending, sent: texts.sent, delivered: texts.delivered, read: texts.read, failed: texts.failed };
  return <span class={`mark ${state}`}>{words[state]}</span>;
}

function Failed({ message }: { message: Shown }): JSX.Element {
  const { client } = useMessenger();
  const texts = useTexts();
  return (
    <p class="foot failed" role="alert">
      <Icon name="warning" size={14} /> {texts.failed}
      <button type="button" class="plain-button" onClick={() => client.retry(message.key)}>
        {texts.retry}
      </button>
      <button type="button" class="plain-button" onClick={() => client.outbox.forget(message.key)}>
        {texts.discard}
      </button>
    </p>
  );
}

/** How things stand: how many wait before the person, or that it is over. */
function Standing({ thread }: { thread: Thread | undefined }): JSX.Element | null {
  const texts = useTexts();
  if (thread?.ended) return <p class="day standing">{thread.ended === "user" ? texts.endedByYou : texts.endedByAgent}</p>;
  if (!thread?.queue) return null;
  const { position, waitSeconds } = thread.queue;
  return (
    <p class="queue" role="status">
      <span class="pulse" />
      {texts.queue(position)}
      {waitSeconds !== null && <span class="file-facts">{texts.queueWait(Math.round(waitSeconds / 60))}</span>}
    </p>
  );
}

function Latest({ count, go }: { count: number; go: () => void }): JSX.Element {
  const texts = useTexts();
  return (
    <button type="button" class="latest" onClick={go}>
      {texts.newMessages(count)} <Icon name="chevron" size={16} />
    </button>
  );
}

/** Says to a screen reader what has just come, and nothing of what was there before. */
function Announcer({ messages }: { messages: readonly Shown[] }): JSX.Element {
  const { texts } = useLanguage();
  const since = useRef(new Date().toISOString());
  const newest = messages.findLast((one) => !one.own && !one.deleted && one.at > since.current);
  const words = newest === undefined ? "" : `${newest.author?.displayName ?? texts.agent}: ${inWords(newest.content, texts)}`;
  return (
    <p class="unseen" role="status" aria-live="polite">
      {words}
    </p>
  );
}

interface Scroll {
  box: { current: HTMLDivElement | null };
  /** Whether the person is at the newest. */
  near: { current: boolean };
  missed: number;
  toEnd: () => void;
}

function useScroll(messages: readonly Shown[], rest: number): Scroll {
  const box = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const seen = useRef({ first: "", last: "", height: 0 });
  const [missed, setMissed] = useState(0);
  const toEnd = (): void => box.current?.scrollTo({ top: box.current.scrollHeight });
  useEffect(() => {
    const pane = box.current;
    if (pane === null) return undefined;
    const look = (): void => {
      near.current = pane.scrollTop + pane.clientHeight > pane.scrollHeight - NEAR;
      if (near.current) setMissed(0);
    };
    const grown = new ResizeObserver(() => near.current && toEnd());
    pane.addEventListener("scroll", look, { passive: true });
    grown.observe(pane);
    for (const child of pane.children) grown.observe(child);
    return () => {
      pane.removeEventListener("scroll", look);
      grown.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    const pane = box.current;
    if (pane === null) return;
    const [first, last] = [messages[0]?.key ?? "", messages.at(-1)?.key ?? ""];
    const before = seen.current;
    if (near.current || (last !== before.last && messages.at(-1)?.own)) toEnd();
    else if (first !== before.first && last === before.last && before.first !== "") pane.scrollTop += pane.scrollHeight - before.height;
    else if (last !== before.last) setMissed((count) => count + 1);
    seen.current = { first, last, height: pane.scrollHeight };
  }, [messages, rest]);
  return { box, near, missed, toEnd };
}

/** However long a conversation goes on, what is kept and drawn of it stays short. */
function useShort(thread: Thread | undefined, near: { current: boolean }): void {
  const { client } = useMessenger();
  const [id, count] = [thread?.id, thread?.messages.length];
  useEffect(() => {
    if (id !== undefined && near.current) client.shorten(id);
  }, [client, id, near, count]);
}

/** Whoever comes near the top gets the page before. */
function useOlder(box: { current: HTMLDivElement | null }, thread: Thread | undefined): { current: HTMLDivElement | null } {
  const { client } = useMessenger();
  const top = useRef<HTMLDivElement>(null);
  const id = thread?.id;
  const at = `${thread?.first}:${thread?.more}`;
  useEffect(() => {
    if (id === undefined || top.current === null) return undefined;
    const seen = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && client.older(id), {
      root: box.current,
      rootMargin: "240px 0px 0px 0px",
    });
    seen.observe(top.current);
    return () => seen.disconnect();
  }, [box, client, id, at]);
  return top;
}
