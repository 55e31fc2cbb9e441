/** The list beside the conversation: its title, a field to search by, and rows of which only those in sight are drawn. */

import { CircleAlert, Inbox, MoonStar, PartyPopper, Search, SearchX, type LucideIcon } from "lucide-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useKeys } from "../keys/useKeys.js";
import { go, useRoute, type Open } from "../route.js";
import { useStatus } from "../status/useStatus.js";
import { useTexts } from "../texts/language.js";
import { Button } from "../ui/Button.js";
import { Empty } from "../ui/Empty.js";
import { SearchBox } from "../ui/Field.js";
import { Skeleton } from "../ui/Skeleton.js";
import { parseList, type ListRef } from "./catalogue.js";
import { useFilled } from "./filled.js";
import { RowView } from "./RowView.js";
import { stepped, type Row } from "./rows.js";
import { useSource, type Source } from "./sources.js";
import "./lists.css";

export const ROW_PX = 72;
const OVERSCAN = 6;
const SEARCH_PAUSE_MS = 250;

export function ListPane({ title, header }: { title: ReactNode; header?: ReactNode }) {
  const route = useRoute();
  const list = useMemo(() => parseList(route.list), [route.list]);
  const source = useSource(list, route.words);
  return (
    <section className="list-pane" aria-labelledby="list-title">
      <header className="list-header">
        {title}
        {header}
      </header>
      <SearchField isSearch={list.kind === "search"} words={route.words} />
      <Rows key={route.list} list={list} source={source} open={route.open} words={route.words} />
    </section>
  );
}

function SearchField({ isSearch, words }: { isSearch: boolean; words: string }) {
  const texts = useTexts();
  const [typed, setTyped] = useState(words);
  const before = useRef("mine");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const field = useRef<HTMLDivElement>(null);
  const route = useRoute();
  if (!isSearch) before.current = route.list;
  useEffect(() => setTyped(isSearch ? words : ""), [isSearch, words]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useKeys([{ keys: "/", group: "lists", words: texts.searchTickets, act: () => field.current?.querySelector("input")?.focus() }]);
  const change = (value: string) => {
    setTyped(value);
    clearTimeout(timer.current);
    const search = () => (value.trim() === "" ? isSearch && go({ list: before.current, words: "" }, { replace: true }) : go({ list: "search", words: value }, { replace: isSearch }));
    timer.current = setTimeout(search, value === "" ? 0 : SEARCH_PAUSE_MS);
  };
  return (
    <div className="list-search" ref={field}>
      <SearchBox label={texts.searchTickets} clear={texts.clear} value={typed} onChange={change} />
    </div>
  );
}

/** The key of the row that is open. */
export function keyOf(open: Open): string | null {
  return open.kind === "conversation" ? open.id : open.kind === "ticket" ? `#${open.number}` : null;
}

const openRow = (row: Row): void =>
  go({ open: row.conversation !== null ? { kind: "conversation", id: row.conversation } : { kind: "ticket", number: row.ticket ?? 0 } });

function Rows({ list, source, open, words }: { list: ListRef; source: Source; open: Open; words: string }) {
  const texts = useTexts();
  const scroller = useRef<HTMLDivElement>(null);
  const { rows } = source;
  const opened = keyOf(open);
  const [cursor, setCursor] = useState<string | null>(opened);
  useEffect(() => {
    if (opened !== null) setCursor(opened);
  }, [opened]);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: OVERSCAN });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const shown = useFilled(useMemo(() => rows.slice(first, first + items.length), [rows, first, items.length]));
  const isNearEnd = (items[items.length - 1]?.index ?? 0) >= rows.length - 20;
  useEffect(() => {
    if (isNearEnd && source.more) source.loadMore();
  });

  const move = (step: 1 | -1, andOpen: boolean) => {
    const next = stepped(rows, cursor, step);
    if (next === undefined) return;
    setCursor(next.key);
    virtual.scrollToIndex(rows.indexOf(next), { align: "auto" });
    if (andOpen) openRow(next);
  };
  const current = rows.find((row) => row.key === cursor);
  useKeys([
    { keys: "j", group: "moving", words: texts.keyNext, act: () => move(1, true) },
    { keys: "k", group: "moving", words: texts.keyPrevious, act: () => move(-1, true) },
    { keys: "Alt+ArrowDown", group: "moving", words: texts.keyNext, whileWriting: true, act: () => move(1, true) },
    { keys: "Alt+ArrowUp", group: "moving", words: texts.keyPrevious, whileWriting: true, act: () => move(-1, true) },
    { keys: "g l", group: "moving", words: texts.keyToList, act: () => scroller.current?.focus() },
  ]);
  const pressed = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") move(1, false);
    else if (event.key === "ArrowUp") move(-1, false);
    else if (event.key === "Home" && rows[0] !== undefined) (setCursor(rows[0].key), virtual.scrollToIndex(0));
    else if (event.key === "End" && rows.length > 0) (setCursor(rows[rows.length - 1]?.key ?? null), virtual.scrollToIndex(rows.length - 1));
    else if ((event.key === "Enter" || event.key === " ") && current !== undefined) openRow(current);
    else return;
    event.preventDefault();
  };

  if (source.loading) return <Waiting />;
  if (source.failed) return <Failed again={source.again} />;
  if (rows.length === 0) return list.kind === "mine" ? <NothingOfMine /> : <Nothing kind={list.kind} words={words} />;
  const isInSight = items.some((item) => rows[item.index]?.key === cursor);
  return (
    <div
      ref={scroller}
      className="rows"
      role="listbox"
      tabIndex={0}
      aria-labelledby="list-title"
      aria-activedescendant={isInSight && cursor !== null ? rowId(cursor) : undefined}
      onKeyDown={pressed}
    >
      <div className="rows-all" role="presentation" style={{ blockSize: virtual.getTotalSize() }}>
        {items.map((item, at) => {
          const row = shown[at];
          if (row === undefined) return null;
          return (
            <div
              key={row.key}
              id={rowId(row.key)}
              className="row"
              role="option"
              aria-selected={row.key === opened}
              aria-setsize={source.more ? -1 : rows.length}
              aria-posinset={item.index + 1}
              data-open={row.key === opened || undefined}
              data-cursor={row.key === cursor || undefined}
              data-unread={row.unread > 0 || undefined}
              style={{ transform: `translateY(${item.start}px)`, blockSize: ROW_PX }}
              onClick={() => openRow(row)}
            >
              <RowView row={row} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

const rowId = (key: string): string => `row-${key.replace("#", "t")}`;

function Waiting() {
  const texts = useTexts();
  return (
    <div className="rows" aria-busy="true" aria-label={texts.loading} role="status">
      {Array.from({ length: 9 }, (_, at) => (
        <div key={at} className="row-still">
          <Skeleton width={38} height={38} round />
          <div className="row-words">
            <Skeleton width={`${38 + ((at * 17) % 30)}%`} height={11} />
            <Skeleton width={`${62 + ((at * 23) % 34)}%`} height={10} />
          </div>
        </div>
      ))}
    </div>
  );
}

function Failed({ again }: { again: () => void }) {
  const texts = useTexts();
  return (
    <Empty icon={CircleAlert} title={texts.listFailed} hint={texts.listFailedHint}>
      <Button size="small" onPress={again}>
        {texts.again}
      </Button>
    </Empty>
  );
}

/** Whoever is offline would wait for ever. */
function NothingOfMine() {
  const texts = useTexts();
  const { current, choose } = useStatus();
  if (current?.presence !== "offline") return <Nothing kind="mine" words="" />;
  return (
    <Empty icon={MoonStar} title={texts.offlineTitle} hint={texts.offlineHint}>
      <Button size="small" onPress={() => choose("online")}>
        {texts.goOnline}
      </Button>
    </Empty>
  );
}

function Nothing({ kind, words }: { kind: ListRef["kind"]; words: string }) {
  const texts = useTexts();
  const told: Record<ListRef["kind"], [LucideIcon, string, string]> = {
    mine: [PartyPopper, texts.emptyMine, texts.emptyMineHint],
    waiting: [PartyPopper, texts.emptyWaiting, texts.emptyWaitingHint],
    line: [PartyPopper, texts.emptyWaiting, texts.emptyWaitingHint],
    all: [Inbox, texts.emptyAll, texts.emptyAllHint],
    view: [Inbox, texts.emptyView, texts.emptyViewHint],
    search: words.trim() === "" ? [Search, texts.searchTickets, texts.searchHint] : [SearchX, texts.emptySearch(words.trim()), texts.searchHint],
  };
  const [icon, title, hint] = told[kind];
  return <Empty icon={icon} title={title} hint={hint} />;
}
