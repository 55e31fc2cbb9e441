/** The page's panes: the lists, a list, what is open, and what stands at its side. Where there is no room, one at a time. */

import { ChevronsUpDown, Command, MessageSquareText, PanelLeftClose, PanelLeftOpen, Search, X } from "lucide-react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { Dialog, DialogTrigger } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { useKeys } from "../keys/useKeys.js";
import { keyOf, ListPane } from "../lists/ListPane.js";
import { Nav, toList, useEntries } from "../lists/Nav.js";
import mark from "../mark.svg";
import { News } from "../notify/News.js";
import { Offers } from "../offers/Offers.js";
import { openNothing, useRoute, type Open } from "../route.js";
import { StatusMenu } from "../status/StatusMenu.js";
import { useTexts } from "../texts/language.js";
import { IconButton } from "../ui/Button.js";
import { Popover } from "../ui/Dialog.js";
import { Empty } from "../ui/Empty.js";
import { Skeleton } from "../ui/Skeleton.js";
import { Toasts } from "../ui/Toast.js";
import { ConnectionBar } from "./ConnectionBar.js";
import { Mishap } from "./Mishap.js";
import { change, useSettings } from "./settings.js";
import { setOver, useSide } from "./SideToggle.js";
import { DESK, PHONE, ROOMY, useWide } from "./wide.js";

/** What the first sight does not need. It is fetched once that is there, so that nobody waits for it later. */
const later = {
  conversation: () => import("../conversation/Conversation.js"),
  side: () => import("../side/Side.js"),
  ticket: () => import("../side/TicketPane.js"),
};
const Conversation = lazy(async () => ({ default: (await later.conversation()).Conversation }));
const Side = lazy(async () => ({ default: (await later.side()).Side }));
const TicketPane = lazy(async () => ({ default: (await later.ticket()).TicketPane }));
const Palette = lazy(() => import("../palette/Palette.js"));
const HelpSheet = lazy(() => import("../keys/HelpSheet.js"));

/** What lies over the page. */
type Lid = "palette" | "help" | null;

export function Shell() {
  const { open, list } = useRoute();
  const texts = useTexts();
  const settings = useSettings();
  const [isPhone, isDesk, isRoomy] = [!useWide(PHONE), useWide(DESK), useWide(ROOMY)];
  const [lid, setLid] = useState<Lid>(null);
  const side = useSide();
  useFetchedSoon();
  const isNavWide = isRoomy && settings.nav;
  const isSideShown = open.kind !== "nothing" && side.isShown;
  useKeys([
    { keys: "Mod+k", group: "page", words: texts.palette, whileWriting: true, act: () => setLid("palette") },
    { keys: "?", group: "page", words: texts.keys, act: () => setLid("help") },
    { keys: "g m", group: "lists", words: texts.listMine, act: () => toList("mine") },
    { keys: "g w", group: "lists", words: texts.listWaiting, act: () => toList("waiting") },
    { keys: "g a", group: "lists", words: texts.listAll, act: () => toList("all") },
    { keys: "[", group: "page", words: texts.toggleNav, act: () => change({ nav: !settings.nav }), isOff: !isRoomy },
    { keys: "]", group: "page", words: texts.toggleSide, act: side.toggle, isOff: open.kind === "nothing" },
    { keys: "u", group: "moving", words: texts.keyClose, act: openNothing, isOff: open.kind === "nothing" },
  ]);
  const isListShown = !isPhone || open.kind === "nothing";
  return (
    <div className="shell" data-phone={isPhone || undefined} data-nav={isNavWide || undefined} data-side={(isSideShown && isDesk) || undefined}>
      <ConnectionBar />
      {!(isPhone && open.kind !== "nothing") && (
        <Rail isSlim={!isNavWide} isPhone={isPhone} canToggle={isRoomy} onSearch={() => setLid("palette")} onHelp={() => setLid("help")} />
      )}
      {isListShown && (
        <div className="pane-list" role={isPhone ? "main" : undefined}>
          <Mishap name={list}>
            <ListPane title={<ListTitle name={list} />} />
          </Mishap>
        </div>
      )}
      {!(isPhone && open.kind === "nothing") && (
        <div className="pane-main">
          <Mishap name={keyOf(open) ?? ""}>
            <Suspense fallback={<PaneSkeleton />}>
              <Main />
            </Suspense>
          </Mishap>
        </div>
      )}
      {isSideShown && isDesk && (
        <div className="pane-side">
          <Beside open={open} />
        </div>
      )}
      {isSideShown && !isDesk && (
        <ModalOverlay isOpen onOpenChange={setOver} isDismissable className="overlay drawer-overlay">
          <Modal className="drawer">
            <Dialog className="dialog" aria-label={texts.toggleSide}>
              <header className="drawer-header">
                <IconButton label={texts.close} onPress={() => setOver(false)}>
                  <X size={18} aria-hidden />
                </IconButton>
              </header>
              <Beside open={open} />
            </Dialog>
          </Modal>
        </ModalOverlay>
      )}
      <Offers />
      <News />
      <Toasts />
      <Suspense>
        {lid === "palette" && <Palette onClose={() => setLid(null)} onHelp={() => setLid("help")} />}
        {lid === "help" && <HelpSheet onClose={() => setLid(null)} />}
      </Suspense>
    </div>
  );
}

const SOON_MS = 1_500;

function useFetchedSoon(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // What cannot be fetched now is asked for again when it is to be shown.
      for (const fetched of Object.values(later)) fetched().catch(() => undefined);
    }, SOON_MS);
    return () => clearTimeout(timer);
  }, []);
}

/** The person, the ticket and what came before, of what is open. */
function Beside({ open }: { open: Open }) {
  if (open.kind === "nothing") return null;
  return (
    <Mishap name={keyOf(open) ?? ""}>
      <Suspense fallback={<PaneSkeleton />}>
        {open.kind === "conversation" ? <Side key={open.id} conversation={open.id} /> : <Side key={open.number} ticket={open.number} />}
      </Suspense>
    </Mishap>
  );
}

function PaneSkeleton() {
  return (
    <div className="pane-waits" aria-busy="true">
      <Skeleton width="45%" height={16} />
      <Skeleton width="70%" />
      <Skeleton width="60%" />
    </div>
  );
}

function Main() {
  const { open } = useRoute();
  const texts = useTexts();
  if (open.kind === "conversation") return <Conversation key={open.id} id={open.id} />;
  if (open.kind === "ticket") return <TicketPane key={open.number} number={open.number} />;
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
