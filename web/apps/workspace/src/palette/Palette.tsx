/** One field from which everything is reached: lists, conversations, tickets, people, and what can be done. */

import { useAgent, useOrders } from "@causerie/agent/react";
import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft, Search } from "lucide-react";
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Dialog as Base } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { IS_MAC, shown, type Binding } from "../keys/keys.js";
import { useBindings } from "../keys/useKeys.js";
import { toList, useEntries } from "../lists/Nav.js";
import { useFilled } from "../lists/filled.js";
import { rowOfSummary } from "../lists/rows.js";
import { finding, keys, people, useRest, type Person } from "../rest/index.js";
import { openConversation, openTicket, useRoute } from "../route.js";
import { statusName } from "../side/names.js";
import { useSession } from "../session/SessionProvider.js";
import { change, useSettings } from "../shell/settings.js";
import { useStatus } from "../status/useStatus.js";
import { useLanguage } from "../texts/language.js";
import { LANGUAGE_NAMES, LANGUAGES } from "../texts/index.js";
import { Avatar } from "../ui/Avatar.js";
import { notify } from "../ui/Toast.js";
import { best, inOrder, numberIn, type Command } from "./commands.js";
import "./palette.css";

interface Found extends Command {
  readonly group: string;
  readonly mark?: ReactNode;
  readonly note?: ReactNode;
}

const MOST_COMMANDS = 7;
const MOST_CONVERSATIONS = 6;
const MOST_PEOPLE = 4;
const SEARCH_PAUSE_MS = 200;

export default function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { texts } = useLanguage();
  return (
    <ModalOverlay isOpen onOpenChange={(open) => !open && onClose()} isDismissable className="overlay palette-overlay">
      <Modal className="modal palette">
        <Base className="dialog" aria-label={texts.palette}>
          <Inside onClose={onClose} onHelp={onHelp} />
        </Base>
      </Modal>
    </ModalOverlay>
  );
}

function Inside({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const { texts } = useLanguage();
  const [words, setWords] = useState("");
  const asked = useDeferredValue(words);
  const settled = useSettled(asked.trim());
  const all = inOrder([useCommands(asked, onHelp), useConversations(asked), usePeople(asked, settled), useTickets(asked, settled)], asked);
  const [at, setAt] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = all[Math.min(at, all.length - 1)];
  useEffect(() => setAt(0), [asked]);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current?.id]);
  const act = (one: Found | undefined) => {
    if (one === undefined) return;
    onClose();
    one.act();
  };
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setAt((before) => (Math.min(before, all.length - 1) + step + all.length) % Math.max(1, all.length));
    else if (event.key === "Enter" && !event.nativeEvent.isComposing) act(current);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="palette-field">
        <Search size={18} aria-hidden />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={current === undefined ? undefined : `${id}-${current.id}`}
          aria-label={texts.palette}
          placeholder={texts.paletteHint}
          value={words}
          maxLength={200}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={pressed}
        />
        <kbd>Esc</kbd>
      </div>
      <div ref={list} className="palette-list" role="listbox" id={`${id}-list`} aria-label={texts.palette}>
        {all.map((one, place) => (
          <PaletteRow key={one.id} id={`${id}-${one.id}`} found={one} isFirst={all[place - 1]?.group !== one.group} isCurrent={one === current} onAct={() => act(one)} onPoint={() => setAt(place)} />
        ))}
        {all.length === 0 && <p className="palette-none">{texts.nothingFound}</p>}
      </div>
    </>
  );
}

function PaletteRow({ id, found, isFirst, isCurrent, onAct, onPoint }: { id: string; found: Found; isFirst: boolean; isCurrent: boolean; onAct: () => void; onPoint: () => void }) {
  return (
    <>
      {isFirst && (
        <p className="palette-group" role="presentation">
          {found.group}
        </p>
      )}
      <div id={id} className="palette-row" role="option" aria-selected={isCurrent} onClick={onAct} onPointerMove={onPoint}>
        {found.mark}
        <span className="palette-words">{found.words}</span>
        {found.note}
        {isCurrent && <CornerDownLeft size={14} aria-hidden />}
      </div>
    </>
  );
}

function useCommands(words: string, onHelp: () => void): Found[] {
  const { texts, language, speak } = useLanguage();
  const entries = useEntries();
  const bindings = useBindings();
  const own = useStatus();
  const settings = useSettings();
  const orders = useOrders();
  const { open } = useRoute();
  const { signOut } = useSession();
  const failed = (error: unknown) => notify({ tone: "bad", words: texts.orderFailed(error instanceof Error ? error.message : "") });
  const bound = new Set(bindings.filter((one) => isCommand(one)).map((one) => one.words));
  const inConversation: Command[] =
    open.kind !== "conversation"
      ? []
      : [
          { id: "take", words: texts.take, act: () => void orders.take(open.id).catch(failed) },
          { id: "solve", words: texts.solve, act: () => void orders.setStatus(open.id, "solved").catch(failed) },
        ].filter((one) => !bound.has(one.words));
  const all: Command[] = [
    ...bindings.filter((one) => isCommand(one)).map((one, at): Command => ({ id: `key${at}`, words: one.words, act: one.act })),
    ...inConversation,
    ...entries.map((one): Command => ({ id: one.name, words: one.title, act: () => toList(one.name) })),
    ...own.choices.filter((one) => one.id !== own.current?.id).map((one): Command => ({ id: `be-${one.id}`, words: texts.setStatus(one.name), also: texts.status, act: () => own.choose(one.id) })),
    ...(["system", "light", "dark"] as const).filter((one) => one !== settings.theme).map((one): Command => ({ id: `theme-${one}`, words: texts.pair(texts.theme, texts.themeNames[one]), act: () => change({ theme: one }) })),
    ...LANGUAGES.filter((one) => one !== language).map((one): Command => ({ id: `speak-${one}`, words: texts.pair(texts.language, LANGUAGE_NAMES[one]), act: () => speak(one) })),
    { id: "sounds", words: texts.pair(texts.sounds, settings.sounds ? texts.off : texts.on), act: () => change({ sounds: !settings.sounds }) },
    { id: "help", words: texts.keys, act: onHelp },
    { id: "out", words: texts.signOut, act: signOut },
  ];
  const keysOf = (one: Command) => bindings.find((binding) => binding.words === one.words)?.keys;
  return best(all, words, MOST_COMMANDS).map((one) => ({ ...one, group: texts.commandsFound, note: <Keys of={keysOf(one)} /> }));
}

/** Some keys have no sense outside of the place in which they are pressed. */
const isCommand = (one: Binding): boolean => one.isOff !== true && one.group === "conversation" && one.keys !== "Escape";

function Keys({ of }: { of: string | undefined }) {
  if (of === undefined) return null;
  return (
    <span className="palette-keys" aria-hidden>
      {shown(of, IS_MAC).map((one, at) => (
        <kbd key={at}>{one}</kbd>
      ))}
    </span>
  );
}

const RECENT = 200;

/** Among those that were last spoken in. */
function useConversations(words: string): Found[] {
  const { texts } = useLanguage();
  const inbox = useAgent((state) => state.inbox);
  const rows = useFilled(useMemo(() => inbox.order.slice(0, RECENT).flatMap((id) => inbox.conversations.get(id) ?? []).map((one) => rowOfSummary(one, null)), [inbox]), false);
  if (words.trim() === "") return [];
  const all = rows.filter((row) => row.name !== null).map((row) => ({ row, words: row.name ?? "", also: row.summary?.displayName ?? undefined }));
  return best(all, words, MOST_CONVERSATIONS).map(({ row, words: name }) => ({
    id: `c-${row.key}`,
    words: name,
    group: texts.conversationsFound,
    mark: <Avatar name={name} seed={row.userId ?? row.key} url={row.avatarUrl} size={22} />,
    note: row.ticket === null ? null : <small>#{row.ticket}</small>,
    act: () => openConversation(row.key),
  }));
}

/** The words, once nobody has typed for a moment. */
function useSettled(words: string): string {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(words), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return settled;
}

/** Customers by name or address. One opens the conversation in which they last spoke. */
function usePeople(words: string, settled: string): Found[] {
  const { texts } = useLanguage();
  const rest = useRest();
  const found = useQuery({ queryKey: ["people-like", settled], queryFn: ({ signal }) => people.peopleLike(rest, settled, signal), enabled: settled.length > 1 });
  if (words.trim().length < 2) return [];
  const open = async (person: Person): Promise<void> => {
    const latest = (await people.conversationsOf(rest, person.id))[0];
    if (latest === undefined) notify({ tone: "info", words: texts.noConversation(person.name) });
    else openConversation(latest.id);
  };
  const customers = (found.data ?? []).filter((one) => one.role === "end-user");
  return customers.slice(0, MOST_PEOPLE).map((one) => ({
    id: `p-${one.id}`,
    words: one.name,
    also: one.email ?? "",
    group: texts.peopleFound,
    mark: <Avatar name={one.name} seed={one.messaging_id} url={one.photo?.content_url} size={22} />,
    note: one.email === null ? null : <small>{one.email}</small>,
    act: () => void open(one).catch((error: unknown) => notify({ tone: "bad", words: texts.orderFailed(error instanceof Error ? error.message : "") })),
  }));
}

function useTickets(words: string, settled: string): Found[] {
  const { texts } = useLanguage();
  const rest = useRest();
  const query = `type:ticket ${settled}`;
  const found = useQuery({ queryKey: keys.search(query), queryFn: ({ signal }) => finding.search(rest, query, 1, signal), enabled: settled.length > 1 });
  const number = numberIn(words);
  const direct: Found[] = number === null ? [] : [{ id: `n-${number}`, words: `#${number}`, group: texts.ticketsFound, act: () => openTicket(number) }];
  const results = words.trim() === "" ? [] : (found.data?.results ?? []);
  const tickets = results.slice(0, MOST_CONVERSATIONS).flatMap((one): Found[] =>
    one.result_type !== "ticket" || one.id === number
      ? []
      : [{ id: `t-${one.id}`, words: one.subject, group: texts.ticketsFound, note: <small>{`#${one.id} · ${statusName(texts, one.status)}`}</small>, act: () => (one.conversation_id === null ? openTicket(one.id) : openConversation(one.conversation_id)) }],
  );
  return [...direct, ...tickets];
}
