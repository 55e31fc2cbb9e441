/** Carousels and lists: the cards of one side by side, the rows of the other below each other. */

import type { CarouselContent, Item, ListContent } from "@causerie/client";
import { webUrl } from "@causerie/client/safe";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import { Icon } from "../views/Icons.js";
import { Actions, actionsBefore } from "./Actions.js";

export function Carousel({ message, content }: { message: Shown; content: CarouselContent }): JSX.Element {
  const track = useRef<HTMLUListElement>(null);
  const square = content.displaySettings?.imageAspectRatio === "square";
  return (
    <div class={`carousel ${square ? "square" : ""}`}>
      <ul ref={track} class="track" tabIndex={-1}>
        {content.items.map((item, at) => (
          <li key={at} class="card">
            <Picture item={item} />
            <div class="card-body">
              <Words item={item} />
              <Actions message={message} actions={item.actions} before={actionsBefore(content, at)} />
            </div>
          </li>
        ))}
      </ul>
      {content.items.length > 1 && <Steps track={track} />}
    </div>
  );
}

export function Rows({ message, content }: { message: Shown; content: ListContent }): JSX.Element {
  return (
    <div class="list">
      <ul>
        {content.items.map((item, at) => (
          <li key={at} class={`row ${item.size ?? "compact"}`}>
            <Picture item={item} />
            <div class="row-body">
              <Words item={item} />
              <Actions message={message} actions={item.actions} before={actionsBefore(content, at)} />
            </div>
          </li>
        ))}
      </ul>
      <Actions message={message} actions={content.actions ?? []} />
    </div>
  );
}

function Words({ item }: { item: Item }): JSX.Element {
  return (
    <>
      <p class="item-title" dir="auto">
        {item.title}
      </p>
      {item.description && (
        <p class="item-description" dir="auto">
          {item.description}
        </p>
      )}
    </>
  );
}

function Picture({ item }: { item: Item }): JSX.Element | null {
  const [broken, setBroken] = useState(false);
  const url = item.mediaUrl === undefined ? null : webUrl(item.mediaUrl);
  if (url === null || broken) return null;
  return (
    <div class="picture">
      <img src={url} alt={item.altText ?? ""} loading="lazy" referrerpolicy="no-referrer" onError={() => setBroken(true)} />
    </div>
  );
}

/** Back and forth, for whoever does not swipe; each only where there is somewhere to go. */
function Steps({ track }: { track: { current: HTMLUListElement | null } }): JSX.Element {
  const texts = useTexts();
  const [ends, setEnds] = useState({ start: true, end: false });
  useEffect(() => {
    const box = track.current;
    if (box === null) return undefined;
    const look = (): void => {
      const at = Math.abs(box.scrollLeft);
      setEnds({ start: at < 4, end: at + box.clientWidth > box.scrollWidth - 4 });
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, [track]);
  const step = (by: number): void => {
    const box = track.current;
    if (box === null) return;
    const towards = getComputedStyle(box).direction === "rtl" ? -by : by;
    box.scrollBy({ left: towards * box.clientWidth * 0.8, behavior: calm() ? "instant" : "smooth" });
  };
  return (
    <div class="steps">
      <button type="button" onClick={() => step(-1)} disabled={ends.start} aria-label={texts.previous}>
        <Icon name="back" size={18} />
      </button>
      <button type="button" onClick={() => step(1)} disabled={ends.end} aria-label={texts.next}>
        <Icon name="forward" size={18} />
      </button>
    </div>
  );
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
