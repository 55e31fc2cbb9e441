/** Tags as they are, each with a way to take it away, and a field for one more that knows those of other tickets. */

import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { tickets, useRest } from "../rest/index.js";
import { useTexts } from "../texts/language.js";
import { tagOf } from "./changes.js";

const MOST = 8;

export function Tags({ tags, isDisabled, onChange }: { tags: readonly string[]; isDisabled: boolean; onChange: (tags: string[]) => void }) {
  const texts = useTexts();
  const rest = useRest();
  const [written, setWritten] = useState("");
  const list = useId();
  const asked = useDeferredValue(tagOf(written));
  const known = useQuery({
    queryKey: ["tags", asked],
    queryFn: ({ signal }) => tickets.tagsLike(rest, asked, signal),
    enabled: asked.length >= 2,
    staleTime: 60_000,
  });
  const add = (): void => {
    const tag = tagOf(written);
    setWritten("");
    if (tag !== "" && !tags.includes(tag)) onChange([...tags, tag]);
  };
  const keyed = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && written === "" && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  };
  return (
    <div className="side-tags">
      <ul aria-label={texts.ticketTags}>
        {tags.map((tag) => (
          <li key={tag}>
            <span dir="auto">{tag}</span>
            {!isDisabled && (
              <button type="button" aria-label={texts.ticketRemoveTag(tag)} onClick={() => onChange(tags.filter((one) => one !== tag))}>
                <X size={12} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!isDisabled && (
        <>
          <input
            aria-label={texts.ticketAddTag}
            placeholder={texts.ticketAddTag}
            value={written}
            list={list}
            maxLength={80}
            onChange={(event) => setWritten(event.target.value)}
            onKeyDown={keyed}
            onBlur={add}
          />
          <datalist id={list}>
            {(known.data ?? []).filter((tag) => !tags.includes(tag)).slice(0, MOST).map((tag) => <option key={tag} value={tag} />)}
          </datalist>
        </>
      )}
    </div>
  );
}
