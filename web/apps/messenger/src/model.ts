/** What a view shows, made of what the client knows. Pure. */

import type { Author, Content, Draft, FormContent, Message, OwnContent, Reference, State, Thread } from "@causerie/client";

/** A message as it stands in the log: the server's, or one on its way there. */
export interface Shown {
  /** The same before and after the server has it, so that a view stays where it is. */
  key: string;
  id: string | null;
  own: boolean;
  author: Author | null;
  at: string;
  content: Content | OwnContent;
  deleted: boolean;
  references: readonly Reference[];
  byAI: boolean;
  state: "waiting" | "sending" | "failed" | "sent" | "delivered" | "read";
  /** First and last of those that one author said in a row. */
  first: boolean;
  last: boolean;
  /** The first of its day. */
  newDay: boolean;
}

const IN_A_ROW_MS = 5 * 60_000;
/** Keys of messages that were first seen here, before the server had named them. */
const keys = new Map<string, string>();

/** The messages of a conversation with those that are still on their way, oldest first. `id` null: of one that does not exist yet. */
export function shown(state: State, id: string | null): Shown[] {
  const thread = id === null ? undefined : state.threads[id];
  const told = (thread?.messages ?? []).map((message) => ofMessage(message, thread as Thread));
  return inRows([...told, ...drafts(state, id, thread).map(ofDraft)]);
}

function drafts(state: State, id: string | null, thread: Thread | undefined): Draft[] {
  const there = new Set(thread?.messages.map((message) => message.id));
  const mine = (one: { conversation: string | null }): boolean => one.conversation === id || (one.conversation === null && id === state.main);
  const waiting = state.entries.filter((one): one is Draft => one.kind === "message");
  for (const one of [...state.landing, ...waiting]) if (one.message !== undefined) keys.set(one.message, one.id);
  return [...state.landing, ...waiting].filter((one) => mine(one) && !(one.message !== undefined && there.has(one.message)));
}

function ofMessage(message: Message, thread: Thread): Shown {
  const own = message.author.type === "user";
  const read = own && message.received <= thread.businessRead;
  return {
    key: keys.get(message.id) ?? message.id,
    id: message.id,
    own,
    author: message.author,
    at: message.received,
    content: message.content,
    deleted: message.deleted === true,
    references: message.references ?? [],
    byAI: message.author.subtypes?.includes("AI") ?? false,
    state: read ? "read" : thread.delivered.has(message.id) ? "delivered" : "sent",
    first: true,
    last: true,
    newDay: false,
  };
}

function ofDraft(draft: Draft): Shown {
  const state = draft.message !== undefined ? "sent" : draft.state;
  const common = { references: [], byAI: false, deleted: false, first: true, last: true, newDay: false };
  return { key: draft.id, id: draft.message ?? null, own: true, author: null, at: draft.at, content: draft.content, state, ...common };
}

function inRows(all: Shown[]): Shown[] {
  return all.map((one, at) => {
    const [before, after] = [all[at - 1], all[at + 1]];
    const newDay = before === undefined || day(before.at) !== day(one.at);
    const first = newDay || before === undefined || !isSameRow(before, one);
    const last = after === undefined || !isSameRow(one, after) || day(one.at) !== day(after.at);
    return { ...one, newDay, first, last };
  });
}

function isSameRow(one: Shown, next: Shown): boolean {
  if (one.own !== next.own || one.byAI !== next.byAI || Date.parse(next.at) - Date.parse(one.at) > IN_A_ROW_MS) return false;
  return one.own || (one.author?.displayName === next.author?.displayName && one.author?.avatarUrl === next.author?.avatarUrl);
}

const day = (at: string): string => new Date(at).toDateString();

/** The newest message, if it is the business's and nothing was said since. */
export function question(all: readonly Shown[]): Shown | null {
  const newest = all.at(-1);
  return newest === undefined || newest.own || newest.deleted ? null : newest;
}

/** The message of a form that was answered by a response, sent or on its way: `id of the form -> the response`. */
export function answered(all: readonly Shown[], messages: readonly Message[]): Map<string, Shown> {
  const found = new Map<string, Shown>();
  const quoted = new Map(messages.map((one) => [one.id, one.quotedMessage?.message?.id]));
  for (const one of all) {
    if (one.content.type !== "formResponse") continue;
    const form = one.content.fields[0]?.quotedMessageId ?? (one.id === null ? undefined : quoted.get(one.id));
    if (form !== undefined) found.set(form, one);
  }
  return found;
}

/** A message in a few words, for lists and previews. */
export function inWords(content: Content | OwnContent, texts: { file: string; image: string; location: string; form: string; template: string }): string {
  switch (content.type) {
    case "text":
      return content.text ?? content.actions?.map((one) => one.text).join(" / ") ?? "";
    case "image":
      return content.text ?? texts.image;
    case "file":
      return content.text ?? content.altText ?? texts.file;
    case "location":
      return content.location?.name ?? texts.location;
    case "carousel":
    case "list":
      return content.items.map((one) => one.title).join(", ");
    case "form":
      return (content as FormContent).text ?? texts.form;
    case "formResponse":
      return texts.form;
    case "template":
      return texts.template;
  }
}
