/** Who one speaks with, above the first message. */

import type { JSX } from "preact";
import { useMessenger, useStore, useTexts } from "../hooks.js";
import { Avatar } from "./Avatar.js";
import { Icon } from "./Icons.js";

export function Intro(): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  const { businessName, businessIconUrl, helpCentreUrl } = useStore(messenger.config);
  const { customization } = useStore(messenger.page.facts);
  return (
    <section class="intro">
      <Avatar name={businessName ?? ""} url={businessIconUrl} size="large" />
      <h2 dir="auto">{customization?.greeting ?? texts.greeting}</h2>
      <p dir="auto">{customization?.introduction ?? texts.introduction}</p>
      {helpCentreUrl !== null && (
        <button type="button" class="help-entry" onClick={() => messenger.help()}>
          <Icon name="search" size={18} /> {texts.helpSearch}
        </button>
      )}
    </section>
  );
}
