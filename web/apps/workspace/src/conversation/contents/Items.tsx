/** Carousels and lists: the cards of one side by side, the rows of the other below each other. */

import type { CarouselContent, Item, ListContent } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import { useState } from "react";
import { useTexts } from "../../texts/language.js";
import { Actions } from "./Actions.js";

export function Carousel({ content }: { content: CarouselContent }) {
  const texts = useTexts();
  return (
    <ul className="talk-carousel" tabIndex={0} aria-label={texts.talkCards(content.items.length)}>
      {content.items.map((item, at) => (
        <li key={at} className="talk-card">
          <Card item={item} />
        </li>
      ))}
    </ul>
  );
}

export function Rows({ content }: { content: ListContent }) {
  return (
    <div className="talk-list">
      <ul>
        {content.items.map((item, at) => (
          <li key={at}>
            <Card item={item} />
          </li>
        ))}
      </ul>
      <Actions actions={content.actions} />
    </div>
  );
}

function Card({ item }: { item: Item }) {
  return (
    <>
      <Picture item={item} />
      <div className="talk-card-words">
        <p className="talk-card-title" dir="auto">
          {item.title}
        </p>
        {item.description && (
          <p className="talk-faint" dir="auto">
            {item.description}
          </p>
        )}
        <Actions actions={item.actions} />
      </div>
    </>
  );
}

function Picture({ item }: { item: Item }) {
  const [broken, setBroken] = useState(false);
  const url = item.mediaUrl === undefined ? null : webUrl(item.mediaUrl);
  if (url === null || broken) return null;
  return <img src={url} alt={item.altText ?? ""} loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(true)} />;
}
