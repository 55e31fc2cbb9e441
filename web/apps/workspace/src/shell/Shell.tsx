/** The page's panes: the lists, a list, what is open, and what stands at its side. Where there is no room, one at a time. */

import { ChevronsUpDown, Command, MessageSquareText, PanelLeftClose, PanelLeftOpen, Search } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { DialogTrigger } from "react-aria-components/Dialog";
import { Conversation } from "../conversation/Conversation.js";
import { useKeys } from "../keys/useKeys.js";
import { ListPane } from "../lists/ListPane.js";
import { Nav, toList, useEntries } from "../lists/Nav.js";
import mark from "../mark.svg";
import { News } from "../notify/News.js";
import { Offers } from "../offers/Offers.js";
import { openNothing, useRoute } from "../route.js";
import { Side } from "../side/Side.js";
import { TicketPane } from "../side/TicketPane.js";
import { StatusMenu } from "../status/StatusMenu.js";
import { useTexts } from "../texts/language.js";
import { IconButton } from "../ui/Button.js";
import { Popover } from "../ui/Dialog.js";
import { Empty } from "../ui/Empty.js";
import { Toasts } from "../ui/Toast.js";
import { ConnectionBar } from "./ConnectionBar.js";
import { change, useSettings } from "./settings.js";
import { DESK, PHONE, ROOMY, useWide } from "./wide.js";

const Palette = lazy(() => import("../palette/Palette.js"));
const HelpSheet = lazy(() => import("../keys/HelpSheet.js"));

type Over = "palette" | "help" | null;

export function Shell() {
  const { open, list } = useRoute();
  const texts = useTexts();
  const settings = useSettings();
  const [isPhone, isDesk, isRoomy] = [!useWide(PHONE), useWide(DESK), useWide(ROOMY)];
  const [over, setOver] = useState<Over>(null);
  const isNavWide = isRoomy && settings.nav;
  const isSideShown = open.kind !== "nothing" && settings.side && !isPhone && isDesk;
  useKeys([
    { keys: "Mod+k", group: "page", words: texts.palette, whileWriting: true, act: () => setOver("palette") },
    { keys: "?", group: "page", words: texts.keys, act: () => setOver("help") },
    { keys: "g m", group: "lists", words: texts.listMine, act: () => toList("mine") },
    { keys: "g w", group: "lists", words: texts.listWaiting, act: () => toList("waiting") },
    { keys: "g a", group: "lists", words: texts.listAll, act: () => toList("all") },
    { keys: "[", group: "page", words: texts.toggleNav, act: () => change({ nav: !settings.nav }), isOff: !isRoomy },
    { keys: "]", group: "page", words: texts.toggleSide, act: () => change({ side: !settings.side }), isOff: !isDesk },
    { keys: "u", group: "moving", words: texts.keyClose, act: openNothing, isOff: open.kind === "nothing" },
  ]);
  const isListShown = !isPhone || open.kind === "nothing";
  return (
    <div className="shell" data-phone={isPhone || undefined} data-nav={isNavWide || undefined} data-side={isSideShown || undefined}>
      <ConnectionBar />
      {!(isPhone && open.kind !== "nothing") && (
        <Rail isSlim={!isNavWide} isPhone={isPhone} canToggle={isRoomy} onSearch={() => setOver("palette")} onHelp={() => setOver("help")} />
      )}
      {isListShown && <ListPane title={<ListTitle name={list} />} />}
      <Main />
      {isSideShown && open.kind === "conversation" && <Side key={open.id} conversation={open.id} />}
      {isSideShown && open.kind === "ticket" && <Side key={open.number} ticket={open.number} />}
      <Offers />
      <News />
      <Toasts />
      <Suspense>
        {over === "palette" && <Palette onClose={() => setOver(null)} onHelp={() => setOver("help")} />}
        {over === "help" && <HelpSheet onClose={() => setOver(null)} />}
      </Suspense>
    </div>
  );
}

function Main() {
  const { open } = useRoute();
  const texts = useTexts();
  const isPhone = !useWide(PHONE);
  if (open.kind === "conversation") return <Conversation key={open.id} id={open.id} />;
  if (open.kind === "ticket") return <TicketPane key={open.number} number={open.number} />;
  if (isPhone) return null;
  return (
    <main className="nothing-open">
      <Empty icon={MessageSquareText} title={texts.nothingOpen} hint={texts.nothingOpenHint} />
    </main>
  );
}

function Rail({ isSlim, isPhone, canToggle, onSearch, onHelp }: { isSlim: boolean; isPhone: boolean; canToggle: boolean; onSearch: () => void; onHelp: () => void }) {
  const texts = useTexts();
  return (
    <nav className="rail" data-slim={isSlim || undefined} aria-label={texts.lists}>
      {!isPhone && (
        <div className="rail-head">
          <img src={mark} alt="" width={30} height={30} />
          {!isSlim && <span className="rail-name">{texts.appName}</span>}
          {canToggle && !isSlim && (
            <IconButton label={texts.toggleNav} keys="[" onPress={() => change({ nav: false })}>
              <PanelLeftClose size={17} aria-hidden className="turns" />
            </IconButton>
          )}
        </div>
      )}
      <div className="rail-lists">
        <Nav isSlim={isSlim} />
      </div>
      <div className="rail-foot">
        {canToggle && isSlim && (
          <IconButton label={texts.toggleNav} keys="[" onPress={() => change({ nav: true })}>
            <PanelLeftOpen size={19} aria-hidden className="turns" />
          </IconButton>
        )}
        {isSlim ? (
          <IconButton label={texts.palette} keys={texts.paletteKeys} onPress={onSearch}>
            <Search size={19} aria-hidden />
          </IconButton>
        ) : (
          <Button className="nav-button" onPress={onSearch}>
            <Command size={16} aria-hidden />
            <span className="nav-title">{texts.palette}</span>
            <kbd>{texts.paletteKeys}</kbd>
          </Button>
        )}
        <StatusMenu isSlim={isSlim} onHelp={onHelp} />
      </div>
    </nav>
  );
}

/** The list's name, from which one goes to the others. */
function ListTitle({ name }: { name: string }) {
  const texts = useTexts();
  const entries = useEntries();
  const current = useMemo(() => entries.find((one) => one.name === name), [entries, name]);
  return (
    <DialogTrigger>
      <Button className="list-title-button">
        <h1 className="list-title" id="list-title">
          <span>{current?.title ?? (name === "search" ? texts.search : texts.listMine)}</span>
        </h1>
        <ChevronsUpDown size={14} aria-hidden />
      </Button>
      <Popover label={texts.lists} placement="bottom start">
        {(close) => (
          <div className="nav-popover">
            <Nav onChosen={close} />
          </div>
        )}
      </Popover>
    </DialogTrigger>
  );
}
