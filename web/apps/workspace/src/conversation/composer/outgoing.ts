/** What a draft becomes when it is sent: its words, then each file. Pure. */

import type { AgentContent, Writing } from "@causerie/agent";
import type { Metadata } from "@causerie/client";
import { type Draft, type DraftFile, type Mode } from "./drafts.js";
import { isMarked } from "./markdown.js";

/** The server takes no longer ones. */
export const MAX_TEXT = 4096;

export interface Message {
  content: AgentContent;
  writing: Writing;
}

interface Given {
  draft: Draft;
  mode: Mode;
  isRich: boolean;
  agents: readonly { account_id: string; name: string }[];
}

export function messagesOf({ draft, mode, isRich, agents }: Given): Message[] {
  const text = draft[mode].trim();
  const writing: Writing = mode === "note" ? { internal: true, ...mentioned(text, agents) } : {};
  const words = text === "" ? [] : [{ content: worded(text, isRich || mode === "note"), writing }];
  return [...words, ...draft.files.map((file) => ({ content: filed(file), writing: mode === "note" ? { internal: true } : {} }))];
}

function worded(text: string, isRich: boolean): AgentContent {
  return isRich && isMarked(text) ? { type: "text", markdownText: text } : { type: "text", text };
}

function filed({ mediaUrl, mediaType, name }: DraftFile): AgentContent {
  return { type: mediaType.startsWith("image/") ? "image" : "file", mediaUrl, altText: name.slice(0, 128) };
}

/** Whom a note mentions, so that they can be told. */
function mentioned(text: string, agents: Given["agents"]): { metadata?: Metadata } {
  const ids = agents.filter(({ name }) => text.includes(`@${name}`)).map((one) => one.account_id);
  return ids.length === 0 ? {} : { metadata: { mentions: ids.slice(0, 20).join(",") } };
}
