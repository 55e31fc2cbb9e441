/** Pictures, files and places. What is private opens by a signed link. */

import type { FileContent, ImageContent, LocationContent } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import { bytes, kindOf, mapUrl } from "@causerie/client/words";
import { Download, FileText, FileX, MapPin } from "lucide-react";
import { useState } from "react";
import { Button as Pressable } from "react-aria-components/Button";
import { useLanguage, useTexts } from "../../texts/language.js";
import { Dialog, DialogTrigger, Skeleton } from "../../ui/index.js";
import { useMedia } from "./useMedia.js";

export function Picture({ content }: { content: ImageContent }) {
  const texts = useTexts();
  const [broken, setBroken] = useState("");
  const media = useMedia(content);
  const url = media.url === null ? null : webUrl(media.url);
  const name = content.altText || texts.talkImage;
  if (media.isPending) return <Skeleton width={180} height={120} />;
  if (url === null || broken === url) return <Gone name={name} />;
  const image = <img src={url} alt={name} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(url)} />;
  return (
    <DialogTrigger>
      <Pressable className="talk-photo" aria-label={texts.talkOpenImage(name)}>
        {image}
      </Pressable>
      <Dialog
        title={name}
        size="large"
        footer={
          <a className="button secondary medium talk-download" href={url} target="_blank" rel="noopener noreferrer" download={name}>
            <Download size={15} aria-hidden /> {texts.talkDownload}
          </a>
        }
      >
        <div className="talk-lightbox">{image}</div>
      </Dialog>
    </DialogTrigger>
  );
}

export function FileCard({ content }: { content: FileContent }) {
  const { language, texts } = useLanguage();
  const media = useMedia(content);
  const url = media.url === null ? null : webUrl(media.url);
  const name = content.altText || texts.talkFile;
  if (media.isPending) return <Skeleton width={220} height={56} />;
  if (url === null) return <Gone name={name} />;
  const facts = [kindOf(name), content.mediaSize === undefined ? undefined : bytes(language, content.mediaSize)].filter(Boolean).join(" · ");
  return (
    <a className="talk-file" href={url} target="_blank" rel="noopener noreferrer" download={name}>
      <FileText size={20} aria-hidden />
      <span className="talk-file-words">
        <span className="visually-hidden">{texts.talkDownload}: </span>
        <span dir="auto">{name}</span>
        {facts !== "" && <small>{facts}</small>}
      </span>
      <Download size={15} aria-hidden />
    </a>
  );
}

function Gone({ name }: { name: string }) {
  const texts = useTexts();
  return (
    <span className="talk-file gone">
      <FileX size={20} aria-hidden />
      <span className="talk-file-words">
        <span dir="auto">{name}</span>
        <small>{texts.talkFileGone}</small>
      </span>
    </span>
  );
}

/** A place: its name, and a way to a map. No map is drawn here, since that would tell a stranger where the customer is. */
export function Place({ content }: { content: LocationContent }) {
  const texts = useTexts();
  const { lat, long } = content.coordinates;
  return (
    <a className="talk-file" href={mapUrl(content.coordinates)} target="_blank" rel="noopener noreferrer">
      <MapPin size={20} aria-hidden />
      <span className="talk-file-words">
        <span dir="auto">{content.location?.name ?? texts.talkLocation}</span>
        <small dir="auto">{content.location?.address ?? `${lat.toFixed(5)}, ${long.toFixed(5)}`}</small>
        <span className="visually-hidden">{texts.talkOpenMap}</span>
      </span>
    </a>
  );
}
