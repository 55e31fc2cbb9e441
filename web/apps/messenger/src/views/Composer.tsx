/** Where a person writes. What they have begun stays while they look elsewhere. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useMessenger, useStore, useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import { Icon } from "./Icons.js";

const MAX_TEXT = 4096;
/** What was begun, by conversation. */
const begun = new Map<string, string>();

export function Composer({ question }: { question: Shown | null }): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  const { attachmentsEnabled } = useStore(messenger.config);
  const here = messenger.here() ?? "";
  const [text, setText] = useState(begun.get(here) ?? "");
  const box = useRef<HTMLTextAreaElement>(null);
  const blocked = question !== null && "blockChatInput" in question.content && question.content.blockChatInput === true;
  useEffect(() => setText(begun.get(here) ?? ""), [here]);
  useFocus(box);
  useGrowth(box, text);

  const change = (value: string): void => {
    begun.set(here, value);
    setText(value);
    if (here !== "") messenger.client.typing(here, value !== "");
  };
  const send = (): void => {
    const said = text.trim();
    if (said === "" || blocked) return;
    if (said.length > MAX_TEXT) return messenger.complain(texts.messageTooLong(MAX_TEXT));
    change("");
    void messenger.say({ type: "text", text: said });
    box.current?.focus();
  };
  return (
    <form
      class={`composer ${blocked ? "blocked" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {attachmentsEnabled && <Attach disabled={blocked} />}
      <textarea
        ref={box}
        rows={1}
        dir="auto"
        value={text}
        disabled={blocked}
        aria-label={texts.message}
        placeholder={blocked ? texts.chooseAbove : texts.placeholder}
        enterkeyhint="send"
        onInput={(event) => change(event.currentTarget.value)}
        onPaste={(event) => pasted(event, (files) => attachmentsEnabled && messenger.pick(files))}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing || onTouch()) return;
          event.preventDefault();
          send();
        }}
      />
      <button type="submit" class="send" disabled={text.trim() === "" || blocked} aria-label={texts.send}>
        <Icon name="send" />
      </button>
    </form>
  );
}

function Attach({ disabled }: { disabled: boolean }): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const chosen = (event: { currentTarget: HTMLInputElement }): void => {
    messenger.pick(event.currentTarget.files ?? []);
    event.currentTarget.value = "";
  };
  return (
    <>
      <button type="button" class="attach" disabled={disabled} onClick={() => input.current?.click()} aria-label={texts.attach} title={texts.attach}>
        <Icon name="clip" />
      </button>
      <input ref={input} type="file" multiple hidden onChange={chosen} tabIndex={-1} aria-hidden="true" />
    </>
  );
}

function pasted(event: ClipboardEvent, take: (files: FileList) => void): void {
  const files = event.clipboardData?.files;
  if (files === undefined || files.length === 0) return;
  event.preventDefault();
  take(files);
}

/** On touch screens Enter begins a line, as people expect there, and the keyboard is not called up unasked. */
const onTouch = (): boolean => matchMedia("(pointer: coarse)").matches;

function useFocus(box: { current: HTMLTextAreaElement | null }): void {
  const { page } = useMessenger();
  const wish = useStore(page.focus);
  useEffect(() => {
    if (wish > 0 && !onTouch()) box.current?.focus();
  }, [box, wish]);
}

/** As high as what is in it, where the style sheet alone cannot say so. */
function useGrowth(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    const area = box.current;
    if (area === null || CSS.supports("field-sizing", "content")) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [box, text]);
}
