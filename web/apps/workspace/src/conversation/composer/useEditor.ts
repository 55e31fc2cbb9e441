/** A text area whose text and selection are changed by buttons and keys as well, in steps that the browser can undo. */

import { useCallback, useRef, type RefObject } from "react";
import type { Edit } from "./markdown.js";

export interface Editor {
  area: RefObject<HTMLTextAreaElement | null>;
  now: () => Edit;
  /** Put an edited text in place of what is there. */
  put: (edit: Edit) => void;
  /** Write something where the caret is, or in place of what is selected. */
  insert: (text: string) => void;
}

export function useEditor(change: (text: string) => void): Editor {
  const area = useRef<HTMLTextAreaElement>(null);
  const now = useCallback((): Edit => {
    const { value = "", selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
    return { text: value, start: selectionStart, end: selectionEnd };
  }, []);
  const put = useCallback(
    ({ text, start, end }: Edit): void => {
      const box = area.current;
      if (box === null) return;
      box.focus();
      type(box, text);
      box.setSelectionRange(start, end);
      change(text);
    },
    [change],
  );
  const insert = useCallback(
    (text: string): void => {
      const { text: all, start, end } = now();
      const at = start + text.length;
      put({ text: all.slice(0, start) + text + all.slice(end), start: at, end: at });
    },
    [now, put],
  );
  return { area, now, put, insert };
}

/** As if it were typed, so that it can be undone: only the part that differs. */
function type(box: HTMLTextAreaElement, text: string): void {
  const old = box.value;
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from++;
  let tail = 0;
  while (tail < old.length - from && tail < text.length - from && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  box.setSelectionRange(from, old.length - tail);
  const part = text.slice(from, text.length - tail);
  // Browsers have no other way that keeps what was typed before undoable.
  const isTyped = part === "" ? document.execCommand?.("delete") : document.execCommand?.("insertText", false, part);
  if (isTyped !== true || box.value !== text) box.value = text;
}
