/** All of the messenger. */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { MessengerContext, useClient, useLanguage, useStore, useTexts } from "../hooks.js";
import { articleAt } from "../library.js";
import type { Messenger, View } from "../messenger.js";
import { properties, type Scheme } from "../theme.js";
import { Article, Help } from "./Help.js";
import { Conversation } from "./Conversation.js";
import { Header } from "./Header.js";
import { Icon } from "./Icons.js";
import { List } from "./List.js";

export function App({ messenger }: { messenger: Messenger }): JSX.Element {
  const view = useStore(messenger.view);
  useDress(messenger);
  useEscape(messenger);
  return (
    <MessengerContext.Provider value={messenger}>
      <Speak />
      <div class="messenger" onClick={(event) => followed(messenger, event)}>
        <Header />
        <Banner />
        <Shown view={view} />
        <Complaint messenger={messenger} />
      </div>
    </MessengerContext.Provider>
  );
}

function Shown({ view }: { view: View }): JSX.Element {
  switch (view.name) {
    case "list":
      return <List />;
    case "help":
      return <Help />;
    case "article":
      return <Article key={view.id} id={view.id} />;
    case "conversation":
      return <Conversation />;
  }
}

/** A link to an article of our own help centre, wherever it stands, is read here. Whoever wants a new tab gets one. */
function followed(messenger: Messenger, event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const id = link === null || link.dataset["page"] !== undefined ? null : articleAt(link.href, messenger.config.get().helpCentreUrl);
  if (id === null) return;
  event.preventDefault();
  messenger.read(id);
}

/** Most breaks are over before anybody has read of them. */
const BANNER_MS = 1_200;

/** Whether what is written goes out just now. */
function Banner(): JSX.Element | null {
  const { status } = useClient();
  const texts = useTexts();
  const [late, setLate] = useState(false);
  const down = status === "waiting" || status === "connecting";
  useEffect(() => {
    setLate(false);
    if (!down) return undefined;
    const soon = setTimeout(() => setLate(true), BANNER_MS);
    return () => clearTimeout(soon);
  }, [down]);
  if (!late && status !== "refused") return null;
  const words = status === "refused" ? texts.unavailable : navigator.onLine ? texts.reconnecting : texts.offline;
  return (
    <p class="banner" role="status">
      <span class="pulse" /> {words}
    </p>
  );
}

function Complaint({ messenger }: { messenger: Messenger }): JSX.Element | null {
  const notice = useStore(messenger.notice);
  if (notice === null) return null;
  return (
    <p class="notice" role="alert" key={notice.number}>
      <Icon name="warning" size={18} /> {notice.text}
    </p>
  );
}

function Speak(): null {
  const { locale, direction } = useLanguage();
  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.dir = direction;
  }, [locale, direction]);
  return null;
}

/** The brand's colours, and light or dark as the page or the person wants it. */
function useDress(messenger: Messenger): void {
  const config = useStore(messenger.config);
  const { customization } = useStore(messenger.page.facts);
  const wish = customization?.colorScheme;
  const system = useSystemScheme();
  const scheme = wish === "light" || wish === "dark" ? wish : system;
  useEffect(() => {
    const root = document.documentElement;
    root.dataset["scheme"] = scheme;
    for (const [name, value] of Object.entries(properties(config, scheme))) root.style.setProperty(name, value);
  }, [config, scheme]);
}

function useSystemScheme(): Scheme {
  const [query] = useState(() => matchMedia("(prefers-color-scheme: dark)"));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const changed = (): void => setDark(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, [query]);
  return dark ? "dark" : "light";
}

function useEscape(messenger: Messenger): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) messenger.page.close();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [messenger]);
}
