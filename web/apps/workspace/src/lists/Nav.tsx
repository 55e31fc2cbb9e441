/** The lists, with how much is in each: at the left of the page, or in the menu that a list's title opens. */

import { CircleDashed, Filter, Inbox, Layers, UserRound, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { go, useRoute } from "../route.js";
import { useTexts } from "../texts/language.js";
import { Count } from "../ui/Badge.js";
import { Hint } from "../ui/Hint.js";
import { Button } from "react-aria-components/Button";
import { useCatalogue, type Catalogue } from "./catalogue.js";

export interface Entry {
  readonly name: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly count: number | null;
  readonly section: "own" | "lines" | "views";
  /** The key that leads to it. */
  readonly keys?: string;
}

/** All lists in their order. A single line is what waits altogether, and not shown again. */
export function entriesOf(catalogue: Catalogue, texts: { mine: string; waiting: string; all: string }): Entry[] {
  const { mine, waiting, lines, views } = catalogue;
  return [
    { name: "mine", title: texts.mine, icon: UserRound, count: mine, section: "own", keys: "g m" },
    { name: "waiting", title: texts.waiting, icon: CircleDashed, count: waiting, section: "own", keys: "g w" },
    { name: "all", title: texts.all, icon: Inbox, count: null, section: "own", keys: "g a" },
    ...(lines.length > 1 ? lines.map((one): Entry => ({ ...one, icon: Layers, section: "lines" })) : []),
    ...views.map((one): Entry => ({ ...one, icon: Filter, section: "views" })),
  ];
}

export function useEntries(): readonly Entry[] {
  const texts = useTexts();
  const catalogue = useCatalogue(texts.standardQueue);
  return entriesOf(catalogue, { mine: texts.listMine, waiting: texts.listWaiting, all: texts.listAll });
}

export const toList = (name: string): void => go({ list: name, words: "" });

export function Nav({ onChosen, isSlim = false, children }: { onChosen?: () => void; isSlim?: boolean; children?: ReactNode }) {
  const texts = useTexts();
  const entries = useEntries();
  const { list } = useRoute();
  const choose = (name: string) => {
    toList(name);
    onChosen?.();
  };
  const section = (name: Entry["section"], title: string | null) => {
    const those = entries.filter((one) => one.section === name);
    if (those.length === 0) return null;
    return (
      <div className="nav-section">
        {title !== null && <h2>{title}</h2>}
        <ul>
          {those.map((one) => (
            <li key={one.name}>
              <NavButton entry={one} isCurrent={one.name === list} isSlim={isSlim} onPress={() => choose(one.name)} />
            </li>
          ))}
        </ul>
      </div>
    );
  };
  return (
    <>
      {section("own", null)}
      {!isSlim && section("lines", texts.queues)}
      {!isSlim && section("views", texts.views)}
      {children}
    </>
  );
}

function NavButton({ entry, isCurrent, isSlim, onPress }: { entry: Entry; isCurrent: boolean; isSlim: boolean; onPress: () => void }) {
  const { icon: Icon, title, count } = entry;
  const texts = useTexts();
  const label = count === null ? title : `${title}, ${texts.conversations(count)}`;
  const button = (
    <Button className="nav-button" onPress={onPress} aria-current={isCurrent ? "page" : false} {...(isSlim ? { "aria-label": label } : {})}>
      <Icon size={isSlim ? 20 : 16} aria-hidden />
      {!isSlim && <span className="nav-title">{title}</span>}
      {count !== null && <Count of={count} most={isSlim ? 99 : 99_999} />}
    </Button>
  );
  return isSlim ? <Hint text={title}>{button}</Hint> : button;
}
