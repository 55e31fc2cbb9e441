/** Where an agent writes: an answer to the customer, or a note that only agents see. */

import { Full } from "@causerie/client";
import { useAgent, useOrders } from "@causerie/agent/react";
import { useQueryClient } from "@tanstack/react-query";
import { Lock, MessageSquare, SendHorizontal, X } from "lucide-react";
import { useCallback, useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { hintOf } from "../../keys/useKeys.js";
import { keys, tickets, useRest, type TicketChange } from "../../rest/index.js";
import { useTexts } from "../../texts/language.js";
import { Button, IconButton, notify } from "../../ui/index.js";
import { isRich } from "../rows.js";
import { useNames } from "../useNames.js";
import { isEmpty, type Draft, type Mode } from "./drafts.js";
import { Files } from "./Files.js";
import { continued, linked, wrapped, type Edit } from "./markdown.js";
import { MAX_TEXT, messagesOf } from "./outgoing.js";
import { Suggestions, useSuggestions } from "./Suggestions.js";
import { Tools } from "./Tools.js";
import { MAX_FILES } from "./uploads.js";
import { useDraft } from "./useDraft.js";
import { useEditor, type Editor } from "./useEditor.js";
import { useUploads } from "./useUploads.js";

export function Composer({ id, channel }: { id: string; channel: string | null }) {
  const texts = useTexts();
  const { draft, change, drafts } = useDraft(id);
  const { uploads, underway } = useUploads(id, drafts);
  const { mode } = draft;
  const isNote = mode === "note";
  const rich = isNote || isRich(channel);
  const isOnline = useAgent((state) => state.connection === "online" || state.connection === "connecting");
  const write = useWriting(id, draft, change);
  const editor = useEditor(write);
  const suggestions = useSuggestions({ id, editor, isNote, change });
  const send = useSending(id, draft, rich, underway.length > 0);
  const add = (files: readonly File[]): void => {
    for (const file of files.slice(0, MAX_FILES - draft.files.length - underway.length)) uploads.add(file);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || suggestions.onKey(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    } else if (rich) onRichKey(event, editor);
  };
  const onPaste = (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add([...event.clipboardData.files]);
  };
  const drop = useDrop(add);
  const tooLong = draft[mode].length - MAX_TEXT;
  return (
    <div className={`talk-composer ${mode} ${drop.isOver ? "over" : ""}`} {...drop.on}>
      <Modes mode={mode} change={(chosen) => change({ mode: chosen })} />
      <div className="talk-field">
        <textarea
          ref={editor.area}
          value={draft[mode]}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onKeyUp={suggestions.look}
          onClick={suggestions.look}
          onBlur={suggestions.close}
          onPaste={onPaste}
          placeholder={isNote ? texts.talkNotePlaceholder : texts.talkReplyPlaceholder}
          aria-label={isNote ? texts.talkNoteLabel : texts.talkReplyLabel}
          aria-describedby={`hint-${id}`}
          dir="auto"
          rows={2}
          data-composer
          {...suggestions.aria}
        />
        <Suggestions of={suggestions} />
      </div>
      <Files files={draft.files} underway={underway} uploads={uploads} drop={(at) => change({ files: draft.files.filter((_, place) => place !== at) })} />
      {draft.change !== null && <Change title={draft.change.title} drop={() => change({ change: null })} />}
      <div className="talk-bar">
        <Tools editor={editor} isRich={rich} add={add} macros={suggestions.openMacros} />
        <span className="talk-hint" id={`hint-${id}`} role={tooLong > 0 ? "alert" : undefined}>
          {tooLong > 0 ? texts.talkTooLong(tooLong) : isOnline ? (rich ? "" : texts.talkPlainOnly) : texts.talkOffline}
        </span>
        <Button variant="primary" onPress={send} isDisabled={isEmpty(draft) || tooLong > 0 || underway.length > 0}>
          {isNote ? texts.talkAddNote : texts.talkSend} <kbd>{SEND_KEYS}</kbd> <SendHorizontal size={15} aria-hidden className="talk-send-sign" />
        </Button>
      </div>
    </div>
  );
}

const SEND_KEYS = hintOf("Mod+Enter");

/** What is written goes into the draft, and others see that somebody writes. Of notes customers hear nothing. */
function useWriting(id: string, { mode }: Draft, change: (by: Partial<Draft>) => void): (text: string) => void {
  const orders = useOrders();
  const quiet = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(quiet.current);
      orders.typing(id, false);
    },
    [orders, id],
  );
  return useCallback(
    (text: string) => {
      change({ [mode]: text });
      if (mode === "note") return;
      orders.typing(id, text !== "");
      clearTimeout(quiet.current);
      quiet.current = setTimeout(() => orders.typing(id, false), 5_000);
    },
    [orders, id, mode, change],
  );
}

/** What was written is given to the outbox, which keeps it; only then the draft is emptied. */
function useSending(id: string, draft: Draft, rich: boolean, isWaiting: boolean): () => void {
  const texts = useTexts();
  const orders = useOrders();
  const { drafts } = useDraft(id);
  const { agents } = useNames();
  const act = useChange(id);
  return () => {
    if (isEmpty(draft) || isWaiting || draft[draft.mode].length > MAX_TEXT) return;
    try {
      for (const { content, writing } of messagesOf({ draft, mode: draft.mode, isRich: rich, agents })) orders.send(id, content, writing);
    } catch (error) {
      if (!(error instanceof Full)) throw error;
      return notify({ tone: "bad", words: texts.talkTooMany });
    }
    orders.typing(id, false);
    if (draft.change !== null) void act(draft.change.change);
    drafts.sent(id, draft.mode);
  };
}

/** What a macro does to the ticket beside its words. */
function useChange(id: string): (change: TicketChange) => Promise<void> {
  const rest = useRest();
  const texts = useTexts();
  const queries = useQueryClient();
  const number = useAgent((state) => state.threads[id]?.ticket?.number ?? state.inbox.conversations.get(id)?.ticket?.number ?? 0);
  return async (change) => {
    if (number === 0) return;
    try {
      await tickets.change(rest, number, change);
      await queries.invalidateQueries({ queryKey: keys.ticket(number) });
    } catch (error) {
      notify({ tone: "bad", words: texts.talkRefused((error as Error).message) });
    }
  };
}

const KEYS: Record<string, (edit: Edit) => Edit> = { b: (edit) => wrapped(edit, "**"), i: (edit) => wrapped(edit, "_"), k: linked };

function onRichKey(event: KeyboardEvent, editor: Editor): void {
  const made = event.key === "Enter" && !event.shiftKey ? continued(editor.now()) : event.ctrlKey || event.metaKey ? (KEYS[event.key]?.(editor.now()) ?? null) : null;
  if (made === null) return;
  event.preventDefault();
  event.stopPropagation();
  editor.put(made);
}

/** Files that are dragged over it are taken when they are let go. */
function useDrop(add: (files: readonly File[]) => void) {
  const [isOver, setOver] = useState(false);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes("Files");
  const on = {
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      add([...event.dataTransfer.files]);
    },
  };
  return { isOver, on };
}

function Modes({ mode, change }: { mode: Mode; change: (mode: Mode) => void }) {
  const texts = useTexts();
  const those = [
    { id: "reply", words: texts.talkReply, Sign: MessageSquare },
    { id: "note", words: texts.talkNote, Sign: Lock },
  ] as const;
  return (
    <fieldset className="talk-modes">
      <legend className="visually-hidden">{texts.talkModes}</legend>
      {those.map(({ id, words, Sign }) => (
        <label key={id}>
          <input type="radio" name="mode" value={id} checked={mode === id} onChange={() => change(id)} />
          <Sign size={14} aria-hidden /> {words}
        </label>
      ))}
    </fieldset>
  );
}

function Change({ title, drop }: { title: string; drop: () => void }) {
  const texts = useTexts();
  return (
    <p className="talk-change">
      {texts.talkAlso(title)}
      <IconButton label={texts.talkWithout} className="small" onPress={drop}>
        <X size={13} aria-hidden />
      </IconButton>
    </p>
  );
}
