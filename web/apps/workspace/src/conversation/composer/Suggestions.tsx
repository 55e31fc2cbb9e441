/** What is offered behind a `/` or an `@`, in a list that the caret's keys move in while the caret stays where it is. */

import { useAgent } from "@causerie/agent/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { AtSign, Zap } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { best } from "../../palette/commands.js";
import { desk, keys, tickets, useRest } from "../../rest/index.js";
import { useTexts } from "../../texts/language.js";
import { notify } from "../../ui/index.js";
import { useNames } from "../useNames.js";
import type { Draft } from "./drafts.js";
import { changeOf } from "./macros.js";
import { MAX_SHOWN, triggerOf, type Trigger } from "./suggestions.js";
import type { Editor } from "./useEditor.js";

interface Given {
  id: string;
  editor: Editor;
  isNote: boolean;
  change: (by: Partial<Draft>) => void;
}

interface Choice {
  id: number;
  words: string;
  /** Small words beside it, by which it is found as well. */
  also: string;
}

const LONG_MS = 5 * 60_000;

export type Offered = ReturnType<typeof useSuggestions>;

export function useSuggestions({ id, editor, isNote, change }: Given) {
  const list = useId();
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [at, setAt] = useState(0);
  const { shown, isEmpty } = useChoices(trigger);
  const apply = useMacro(id, editor, change);
  const look = (): void => {
    const { text, start, end } = editor.now();
    const found = start === end ? triggerOf(text, start, isNote) : null;
    setTrigger(found);
    if (found?.words !== trigger?.words) setAt(0);
  };
  const choose = (choice: Choice): void => {
    if (trigger === null) return;
    setTrigger(null);
    const { text, start } = editor.now();
    const inPlace = (words: string): void => {
      const caret = trigger.at + words.length;
      editor.put({ text: text.slice(0, trigger.at) + words + text.slice(start), start: caret, end: caret });
    };
    if (trigger.sign === "@") return inPlace(`@${choice.words} `);
    inPlace("");
    void apply(choice);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (shown.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isChoosing = (event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab";
    if (step === undefined && !isChoosing && event.key !== "Escape") return false;
    event.preventDefault();
    event.stopPropagation();
    if (step !== undefined) setAt((at + step + shown.length) % shown.length);
    else if (event.key === "Escape") setTrigger(null);
    else choose(shown[at] ?? (shown[0] as Choice));
    return true;
  };
  const isOpen = shown.length > 0;
  const aria = isOpen
    ? { "aria-controls": list, "aria-activedescendant": `${list}-${at}`, "aria-autocomplete": "list" as const, "aria-haspopup": "listbox" as const }
    : {};
  const openMacros = (): void => {
    const { text, start } = editor.now();
    editor.insert(start === 0 || /\s/.test(text.charAt(start - 1)) ? "/" : " /");
    look();
  };
  return { list, trigger, shown, isEmpty, at, choose, onKey, look: () => setTimeout(look), close: () => setTrigger(null), aria, openMacros };
}

function useChoices(trigger: Trigger | null): { shown: readonly Choice[]; isEmpty: boolean } {
  const rest = useRest();
  const { agents } = useNames();
  const wanted = { queryKey: keys.macros, queryFn: ({ signal }: { signal: AbortSignal }) => desk.macros(rest, signal), staleTime: LONG_MS };
  const macros = useQuery({ ...wanted, enabled: trigger?.sign === "/" }).data;
  const shown = useMemo<readonly Choice[]>(() => {
    if (trigger === null) return [];
    const people = agents.map((one) => ({ id: one.user_id, words: one.name, also: "" }));
    const those = trigger.sign === "@" ? people : (macros ?? []).map((one) => ({ id: one.id, words: one.title, also: one.description ?? "" }));
    return best(those, trigger.words, MAX_SHOWN).filter((one) => one.words !== trigger.words);
  }, [trigger, agents, macros]);
  return { shown, isEmpty: trigger?.sign === "/" && trigger.words === "" && macros?.length === 0 };
}

/** Does what a macro says, as far as it can be seen before it is sent: its words, and a line about what changes with them. */
function useMacro(id: string, editor: Editor, change: (by: Partial<Draft>) => void): (macro: Choice) => Promise<void> {
  const rest = useRest();
  const texts = useTexts();
  const queries = useQueryClient();
  const number = useAgent((state) => state.threads[id]?.ticket?.number ?? state.inbox.conversations.get(id)?.ticket?.number ?? null);
  const known = useRef(number);
  useEffect(() => void (known.current = number), [number]);
  return async (macro) => {
    try {
      const made = await desk.applied(rest, macro.id, known.current || null);
      const ticket = known.current ? (await queries.fetchQuery({ queryKey: keys.ticket(known.current), queryFn: () => tickets.ticket(rest, known.current ?? 0) })).value : null;
      const differs = changeOf(made.ticket, ticket);
      if (made.comment !== undefined) change({ mode: made.comment.public ? "reply" : "note" });
      if (differs !== null) change({ change: { title: macro.words, change: differs } });
      // The other mode's text is in the field after it was drawn.
      if (made.comment !== undefined) setTimeout(() => editor.insert(made.comment?.body ?? ""));
    } catch (error) {
      notify({ tone: "bad", words: texts.talkRefused((error as Error).message) });
    }
  };
}

export function Suggestions({ of }: { of: Offered }) {
  const texts = useTexts();
  const box = useRef<HTMLUListElement>(null);
  useEffect(() => box.current?.children[of.at]?.scrollIntoView({ block: "nearest" }), [of.at]);
  if (of.shown.length === 0) return of.isEmpty ? <p className="talk-suggestions none">{texts.talkNoMacros}</p> : null;
  const isMacros = of.trigger?.sign === "/";
  const Sign = isMacros ? Zap : AtSign;
  return (
    <ul className="talk-suggestions" role="listbox" id={of.list} ref={box} aria-label={isMacros ? texts.talkMacros : texts.talkMention}>
      {of.shown.map((one, at) => (
        <li key={one.id} id={`${of.list}-${at}`} role="option" aria-selected={at === of.at} onMouseDown={(event) => event.preventDefault()} onClick={() => of.choose(one)}>
          <Sign size={14} aria-hidden />
          <span dir="auto">{one.words}</span>
          {one.also !== "" && <small dir="auto">{one.also}</small>}
        </li>
      ))}
    </ul>
  );
}
