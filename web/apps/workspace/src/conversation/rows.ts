/** What the log shows, made of what is known of a conversation: messages in rows by who said them, days, and what happened between. Pure. */

import { AGENTS, BOT, type AgentAuthor, type AgentContent, type AgentMessage, type Item, type Outgoing, type Thread } from "@causerie/agent";
import { happeningOf, standingAfter, type Happening, type Standing } from "./happenings.js";

/** `customer`, an agent (`people`), a `bot` or program, or `system`: nobody. */
export type Speaker = "customer" | "people" | "bot" | "system";

export interface Said {
  key: string;
  /** The message's; null until the server has it. */
  id: string | null;
  at: string;
  speaker: Speaker;
  /** By this very agent. */
  isMine: boolean;
  internal: boolean;
  author: AgentAuthor | null;
  content: AgentMessage["content"] | AgentContent;
  deleted: boolean;
  references: NonNullable<AgentMessage["references"]>;
  /** The words of the message that this one answers, if they are known. */
  quoted: string | null;
  state: "waiting" | "sending" | "failed" | "sent" | "delivered" | "read" | "undelivered";
  /** Why it was refused. */
  code: string | null;
  /** First and last of those that one author said in a row. */
  first: boolean;
  last: boolean;
}

export type Row = { kind: "day"; key: string; at: string } | { kind: "said"; key: string; said: Said } | { kind: "happened"; key: string; at: string; those: readonly Happening[] };

const IN_A_ROW_MS = 5 * 60_000;
const AT_ONCE_MS = 10_000;

/** Oldest first; what is still on its way comes last. `me` is this agent's id. */
export function rowsOf(thread: Thread, outgoing: readonly Outgoing[], me: string): Row[] {
  const rows: Row[] = [];
  let before: Standing = { ticket: null, status: null };
  const words = new Map<string, string>();
  for (const item of thread.items) {
    if (item.kind === "message") {
      rows.push({ kind: "said", key: item.key, said: ofMessage(item, thread, me, words) });
      words.set(item.message.id, wordsOf(item.message));
    } else {
      const what = happeningOf(item.event, before);
      before = standingAfter(before, item.event);
      if (what !== null) happened(rows, item.key, item.at, what);
    }
  }
  for (const one of outgoing) rows.push({ kind: "said", key: one.id, said: ofOutgoing(one) });
  return withDays(inRows(rows));
}

/** What happens in one moment stands in one line. */
function happened(rows: Row[], key: string, at: string, what: Happening): void {
  const before = rows.at(-1);
  if (before?.kind !== "happened" || Date.parse(at) - Date.parse(before.at) > AT_ONCE_MS) rows.push({ kind: "happened", key, at, those: [what] });
  else rows[rows.length - 1] = { ...before, those: [...before.those, what] };
}

type MessageItem = Extract<Item, { kind: "message" }>;

function ofMessage({ key, at, message, internal }: MessageItem, thread: Thread, me: string, words: ReadonlyMap<string, string>): Said {
  const speaker = speakerOf(message);
  const isForm = message.content.type === "formResponse"; // the form stands there, and says that it is answered
  return {
    key,
    id: message.id,
    at,
    speaker,
    isMine: message.author.agentId === me,
    internal,
    author: message.author,
    content: message.content,
    deleted: message.deleted === true,
    references: message.references ?? [],
    quoted: isForm ? null : (words.get(message.quotedMessage?.message?.id ?? "") ?? null),
    state: internal || speaker === "customer" ? "sent" : stateOf(message, thread),
    code: null,
    first: true,
    last: true,
  };
}

function wordsOf({ content, deleted }: AgentMessage): string {
  if (deleted === true) return "";
  return ("text" in content ? content.text : undefined) ?? ("altText" in content ? content.altText : undefined) ?? "";
}

function stateOf({ id, received }: AgentMessage, thread: Thread): Said["state"] {
  if (thread.failed.has(id)) return "undelivered";
  if (received <= thread.customerRead) return "read";
  return thread.delivered.has(id) ? "delivered" : "sent";
}

export function speakerOf({ author, activity }: AgentMessage): Speaker {
  if (activity !== undefined || author.subtypes?.includes("activity") === true) return "system";
  if (author.type === "user") return "customer";
  const isProgram = author.subtypes?.some((one) => one === "bot" || one === "AI") === true || author.agentId === undefined;
  return isProgram ? "bot" : "people";
}

function ofOutgoing({ id, message, at, content, internal, references, state, code }: Outgoing): Said {
  const own = { speaker: "people" as const, isMine: true, author: null, deleted: false, quoted: null, first: true, last: true };
  return { ...own, key: id, id: message ?? null, at, content, internal, references: [...(references ?? [])], state, code: code ?? null };
}

function inRows(rows: readonly Row[]): Row[] {
  return rows.map((row, at) => {
    if (row.kind !== "said") return row;
    const { said } = row;
    const first = !isSameRow(rows[at - 1], said);
    const after = rows[at + 1];
    const last = after?.kind !== "said" || !isSameRow(row, after.said);
    return { ...row, said: { ...said, first, last } };
  });
}

function isSameRow(before: Row | undefined, { speaker, isMine, internal, author, at }: Said): boolean {
  if (before?.kind !== "said") return false;
  const { said } = before;
  if (said.speaker !== speaker || said.internal !== internal || said.isMine !== isMine) return false;
  if (Date.parse(at) - Date.parse(said.at) > IN_A_ROW_MS || dayOf(at) !== dayOf(said.at)) return false;
  return isMine || (said.author?.agentId === author?.agentId && said.author?.userId === author?.userId && said.author?.displayName === author?.displayName);
}

function withDays(rows: readonly Row[]): Row[] {
  const found: Row[] = [];
  let day = "";
  for (const row of rows) {
    const at = row.kind === "said" ? row.said.at : row.at;
    if (dayOf(at) !== day) {
      day = dayOf(at);
      found.push({ kind: "day", key: `day ${day}`, at });
    }
    found.push(row);
  }
  return found;
}

const dayOf = (at: string): string => new Date(at).toDateString();

/** The responses to forms of this conversation: `id of the form -> the response's row`. */
export function responsesOf(thread: Thread): ReadonlyMap<string, AgentMessage> {
  const found = new Map<string, AgentMessage>();
  for (const item of thread.items) {
    if (item.kind !== "message" || item.message.content.type !== "formResponse") continue;
    const form = item.message.quotedMessage?.message?.id ?? item.message.content.fields[0]?.quotedMessageId;
    if (form !== undefined) found.set(form, item.message);
  }
  return found;
}

export type Holder = "people" | "bot" | "program" | "nobody";

/** Who is expected to answer the customer. */
export function holderOf(active: Thread["active"]): Holder {
  if (active == null) return "nobody";
  if (active.integrationType === AGENTS) return "people";
  return active.integrationType === BOT ? "bot" : "program";
}

/** Channels whose messages may hold emphasis, lists and links; on all others text is plain. */
const RICH = new Set(["web", "android", "ios", "unity", "api", "mailgun", "email"]);

export const isRich = (channel: string | null): boolean => channel === null || RICH.has(channel);
