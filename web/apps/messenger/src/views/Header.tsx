/** Who one speaks with, and the ways to other conversations and out. */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useClient, useLanguage, useMessenger, useStore } from "../hooks.js";
import type { View } from "../messenger.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./Icons.js";

export function Header(): JSX.Element {
  const messenger = useMessenger();
  const { texts } = useLanguage();
  const config = useStore(messenger.config);
  const view = useStore(messenger.view);
  const state = useClient();
  if (view.name === "help" || view.name === "article") return <HelpHeader view={view} />;
  const isList = view.name === "list";
  const name = config.businessName ?? "";
  const here = messenger.here();
  const thread = here === null ? undefined : state.threads[here];
  const title = isList ? texts.conversations : (thread?.name ?? (name || texts.conversation));
  const canList = config.canUserSeeConversationList && state.listed.length > 0;
  const canCreate = config.canUserCreateMoreConversations && state.main !== null;
  return (
    <header class="header">
      {!isList && canList && (
        <button type="button" class="tool" onClick={() => messenger.go({ name: "list" })} aria-label={texts.back} title={texts.back}>
          <Icon name="back" />
        </button>
      )}
      {!isList && <Avatar name={name} url={config.businessIconUrl} />}
      <div class="header-words">
        <h1 dir="auto">{title}</h1>
        {!isList && <Presence />}
      </div>
      {!isList && config.endSessionEnabled && thread !== undefined && thread.messages.length > 0 && thread.ended === null && <End id={thread.id} />}
      {!isList && config.helpCentreUrl !== null && (
        <button type="button" class="tool" onClick={() => messenger.help()} aria-label={texts.help} title={texts.help}>
          <Icon name="book" />
        </button>
      )}
      {isList && canCreate && (
        <button type="button" class="tool" onClick={() => messenger.begin()} aria-label={texts.newConversation} title={texts.newConversation}>
          <Icon name="compose" />
        </button>
      )}
      <Close />
    </header>
  );
}

function HelpHeader({ view }: { view: Exclude<View, { name: "list" | "conversation" }> }): JSX.Element {
  const messenger = useMessenger();
  const { texts } = useLanguage();
  return (
    <header class="header">
      <button type="button" class="tool" onClick={() => messenger.go(view.before)} aria-label={texts.goBack} title={texts.goBack}>
        <Icon name="back" />
      </button>
      <div class="header-words">
        <h1>{texts.help}</h1>
      </div>
      <Close />
    </header>
  );
}

function Close(): JSX.Element {
  const messenger = useMessenger();
  const { texts } = useLanguage();
  return (
    <button type="button" class="tool" onClick={() => messenger.page.close()} aria-label={texts.close} title={texts.close}>
      <Icon name="close" />
    </button>
  );
}

function End({ id }: { id: string }): JSX.Element {
  const messenger = useMessenger();
  const { texts } = useLanguage();
  const sure = useRef<HTMLDialogElement>(null);
  const end = (): void => {
    sure.current?.close();
    if (!messenger.client.end(id)) messenger.complain(texts.offline);
  };
  return (
    <>
      <button type="button" class="tool" onClick={() => sure.current?.showModal()} aria-label={texts.end} title={texts.end}>
        <Icon name="end" />
      </button>
      <dialog class="sure" ref={sure} aria-label={texts.end}>
        <p>{texts.endSure}</p>
        <div class="actions">
          <button type="button" class="action primary" onClick={end}>
            {texts.end}
          </button>
          <button type="button" class="action" onClick={() => sure.current?.close()}>
            {texts.cancel}
          </button>
        </div>
      </dialog>
    </>
  );
}

function Presence(): JSX.Element | null {
  const { texts } = useLanguage();
  const { status, threads } = useClient();
  const here = useMessenger().here();
  const typist = here === null ? undefined : threads[here]?.typists[0];
  if (typist !== undefined) return <p class="presence">{texts.typing(typist.name)}</p>;
  if (status === "connecting") return <p class="presence">{texts.connecting}</p>;
  return null;
}
