/** What a visitor has said and the server has not yet acknowledged. One is under way at a time, whatever its conversation: see `Waiting`. */

import type { Metadata, OwnContent } from "./contents.js";
import type { MessageFrame, PostbackFrame } from "./frames.js";
import type { Shelf } from "./shelf.js";
import { type EntryBase, Waiting } from "./waiting.js";

export interface Draft extends EntryBase {
  kind: "message";
  content: OwnContent;
  metadata?: Metadata;
}
export interface Press extends EntryBase {
  kind: "postback";
  conversation: string;
  on: string;
  action: number;
}
export type Entry = Draft | Press;

export class Outbox extends Waiting<Entry, MessageFrame | PostbackFrame> {
  /** `send` says whether there was a socket to send by. */
  constructor(shelf: Shelf, key: string, send: (frame: MessageFrame | PostbackFrame) => boolean) {
    super(shelf, key, { frameOf, send });
  }
}

function frameOf(entry: Entry): MessageFrame | PostbackFrame {
  if (entry.kind === "postback") {
    return { type: "postback", id: entry.id, conversation: entry.conversation, message: entry.on, action: entry.action };
  }
  return {
    type: "message",
    id: entry.id,
    content: entry.content,
    ...(entry.conversation === null ? {} : { conversation: entry.conversation }),
    ...(entry.metadata === undefined ? {} : { metadata: entry.metadata }),
  };
}
