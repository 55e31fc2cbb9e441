/** The agent's own menu: what they are to new work, how much they have, how the page looks and sounds, and the way out. */

import { Bell, BellOff, Keyboard, Languages as LanguagesIcon, LogOut, Moon, Sun, SunMoon, Volume2, VolumeX } from "lucide-react";
import { Button } from "react-aria-components/Button";
import type { Selection } from "react-aria-components/Menu";
import { SubmenuTrigger, Menu as BaseMenu } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { askForDesktop, useDesktop } from "../notify/desktop.js";
import { change, useSettings } from "../shell/settings.js";
import { useSession } from "../session/SessionProvider.js";
import { useLanguage } from "../texts/language.js";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../texts/index.js";
import { Avatar } from "../ui/Avatar.js";
import { Menu, MenuGroup, MenuItem, MenuSeparator } from "../ui/Menu.js";
import { useStatus, type Own } from "./useStatus.js";
import "./status.css";

const THEMES = ["system", "light", "dark"] as const;
const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon };

const only = (chosen: Selection): string | null => (chosen === "all" ? null : String([...chosen][0] ?? "") || null);

export function StatusMenu({ isSlim, onHelp }: { isSlim: boolean; onHelp: () => void }) {
  const { texts, language, speak } = useLanguage();
  const { agent, signOut } = useSession();
  const own = useStatus();
  const settings = useSettings();
  const desktop = useDesktop();
  const { current } = own;
  const trigger = (
    <Button className="me" {...(isSlim ? { "aria-label": `${agent.displayName} ${current?.name ?? texts.loading}` } : {})}>
      <Avatar name={agent.displayName} seed={agent.id} size={32} {...(current === null ? {} : { presence: current.presence })} />
      {!isSlim && (
        <span className="me-words">
          <strong>{agent.displayName}</strong>{" "}
          <small>{current?.name ?? texts.loading}</small>
        </span>
      )}
    </Button>
  );
  const act = (key: string | number) => {
    if (key === "sounds") change({ sounds: !settings.sounds });
    else if (key === "desktop") void askForDesktop(!(settings.desktop && desktop === "granted"));
    else if (key === "keys") onHelp();
    else if (key === "out") signOut();
  };
  return (
    <Menu trigger={trigger} placement="top start" onAction={act} aria-label={agent.displayName}>
      <MenuItem id="who" isDisabled textValue={agent.displayName}>
        <span className="me-room">
          <strong>{agent.displayName}</strong>
          <Room own={own} />
        </span>
      </MenuItem>
      <MenuSeparator />
      <StatusGroup own={own} title={texts.status} />
      <MenuSeparator />
      <SubmenuTrigger>
        <MenuItem id="theme" icon={THEME_ICONS[settings.theme]} trailing={texts.themeNames[settings.theme]} textValue={texts.theme}>
          {texts.theme}
        </MenuItem>
        <Popover className="popover" offset={2}>
          <BaseMenu className="menu" aria-label={texts.theme} selectionMode="single" disallowEmptySelection selectedKeys={[settings.theme]} onSelectionChange={(keys) => change({ theme: (only(keys) ?? "system") as (typeof THEMES)[number] })}>
            {THEMES.map((one) => (
              <MenuItem key={one} id={one} icon={THEME_ICONS[one]}>
                {texts.themeNames[one]}
              </MenuItem>
            ))}
          </BaseMenu>
        </Popover>
      </SubmenuTrigger>
      <SubmenuTrigger>
        <MenuItem id="language" icon={LanguagesIcon} trailing={LANGUAGE_NAMES[language]} textValue={texts.language}>
          {texts.language}
        </MenuItem>
        <Popover className="popover" offset={2}>
          <BaseMenu className="menu" aria-label={texts.language} selectionMode="single" disallowEmptySelection selectedKeys={[language]} onSelectionChange={(keys) => speak((only(keys) ?? language) as Language)}>
            {LANGUAGES.map((one) => (
              <MenuItem key={one} id={one}>
                {LANGUAGE_NAMES[one]}
              </MenuItem>
            ))}
          </BaseMenu>
        </Popover>
      </SubmenuTrigger>
      <MenuItem id="sounds" icon={settings.sounds ? Volume2 : VolumeX} trailing={settings.sounds ? texts.on : texts.off} textValue={texts.sounds}>
        {texts.sounds}
      </MenuItem>
      <MenuItem
        id="desktop"
        icon={settings.desktop && desktop === "granted" ? Bell : BellOff}
        isDisabled={desktop === "denied" || desktop === "missing"}
        trailing={settings.desktop && desktop === "granted" ? texts.on : texts.off}
        description={desktop === "denied" ? texts.desktopDenied : undefined}
        textValue={texts.desktop}
      >
        {texts.desktop}
      </MenuItem>
      <MenuItem id="keys" icon={Keyboard} trailing={<kbd>?</kbd>} textValue={texts.keys}>
        {texts.keys}
      </MenuItem>
      <MenuSeparator />
      <MenuItem id="out" icon={LogOut} textValue={texts.signOut}>
        {texts.signOut}
      </MenuItem>
    </Menu>
  );
}

function StatusGroup({ own, title }: { own: Own; title: string }) {
  return (
    <MenuGroup
      title={title}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={own.current === null ? [] : [own.current.id]}
      onSelectionChange={(keys) => {
        const id = only(keys);
        if (id !== null) own.choose(id);
      }}
    >
      {own.choices.map((one) => (
        <MenuItem key={one.id} id={one.id} textValue={one.name}>
          <span className="status-choice">
            <i className={`presence ${one.presence}`} />
            {one.name}
          </span>
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

/** Channels in the order in which they matter here. */
const CHANNELS = ["messaging", "support", "email"];

/** How much of each channel's room is taken. */
function Room({ own }: { own: Own }) {
  const { texts } = useLanguage();
  const place = ({ name }: { name: string }) => (CHANNELS.indexOf(name) + CHANNELS.length + 1) % (CHANNELS.length + 1);
  const channels = own.channels.filter((one) => one.max_capacity > 0).sort((one, other) => place(one) - place(other));
  return (
    <>
      {channels.map((one) => (
        <span key={one.name} className="room">
          <span className="room-words">
            <span>{texts.channelOf(one.name)}</span>
            <span>{texts.capacity(one.work_item_count, one.max_capacity)}</span>
          </span>
          <span className="room-bar">
            <i style={{ inlineSize: `${Math.min(100, (100 * one.work_item_count) / one.max_capacity)}%` }} data-full={one.work_item_count >= one.max_capacity || undefined} />
          </span>
        </span>
      ))}
    </>
  );
}
