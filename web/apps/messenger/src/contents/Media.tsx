/** Pictures, files and places. */

import type { FileContent, ImageContent, LocationContent } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import { bytes, kindOf, mapUrl } from "@causerie/client/words";
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { useLanguage, useTexts } from "../hooks.js";
import { Icon } from "../views/Icons.js";

export function Picture({ content }: { content: ImageContent }): JSX.Element {
  const texts = useTexts();
  const [broken, setBroken] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const url = webUrl(content.mediaUrl);
  const name = content.altText || texts.image;
  if (url === null || broken) return <Gone name={name} />;
  const close = (): void => dialog.current?.close();
  return (
    <>
      <button type="button" class="photo" onClick={() => dialog.current?.showModal()} aria-label={texts.openImage(name)}>
        <img src={url} alt={name} loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(true)} />
      </button>
      <dialog class="lightbox" ref={dialog} onClick={close} aria-label={name}>
        <img src={url} alt={name} loading="lazy" referrerpolicy="no-referrer" />
        <div class="lightbox-tools" onClick={(event) => event.stopPropagation()}>
          <a href={url} target="_blank" rel="noopener noreferrer" download={name} aria-label={`${texts.download}: ${name}`}>
            <Icon name="download" />
          </a>
          <button type="button" onClick={close} aria-label={texts.cancel}>
            <Icon name="close" />
          </button>
        </div>
      </dialog>
    </>
  );
}

export function FileCard({ content }: { content: FileContent }): JSX.Element {
  const texts = useTexts();
  const { locale } = useLanguage();
  const url = webUrl(content.mediaUrl);
  const name = content.altText || texts.file;
  if (url === null) return <Gone name={name} />;
  const facts = [kindOf(name), content.mediaSize === undefined ? undefined : bytes(locale, content.mediaSize)].filter(Boolean).join(" · ");
  return (
    <a class="file" href={url} target="_blank" rel="noopener noreferrer" download={name}>
      <span class="unseen">{texts.download}: </span>
      <span class="file-icon">
        <Icon name="file" />
      </span>
      <span class="file-words">
        <span class="file-name" dir="auto">
          {name}
        </span>
        {facts && <span class="file-facts">{facts}</span>}
      </span>
      <Icon name="download" size={18} />
    </a>
  );
}

function Gone({ name }: { name: string }): JSX.Element {
  const texts = useTexts();
  return (
    <span class="file gone">
      <span class="file-icon">
        <Icon name="warning" />
      </span>
      <span class="file-words">
        <span class="file-name" dir="auto">
          {name}
        </span>
        <span class="file-facts">{texts.attachmentGone}</span>
      </span>
    </span>
  );
}

/** A place: its name, and a way to a map. No map is drawn here, since that would tell a stranger where the person is. */
export function Place({ content }: { content: LocationContent }): JSX.Element {
  const texts = useTexts();
  const { lat, long } = content.coordinates;
  const figures = `${lat.toFixed(5)}, ${long.toFixed(5)}`;
  return (
    <a class="place" href={mapUrl(content.coordinates)} target="_blank" rel="noopener noreferrer">
      <span class="place-ground">
        <Icon name="pin" size={28} />
      </span>
      <span class="place-words">
        <span class="file-name" dir="auto">
          {content.location?.name ?? texts.location}
        </span>
        <span class="file-facts" dir="auto">
          {content.location?.address ?? figures}
        </span>
        <span class="unseen">{texts.openMap}</span>
      </span>
    </a>
  );
}
