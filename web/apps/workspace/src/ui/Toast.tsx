/** Words that come, and go by themselves: that something was done, or could not be. Never the only place where they are said. */

import { CircleCheck, CircleX, Info, X } from "lucide-react";
import { Text } from "react-aria-components/Text";
import {
  UNSTABLE_Toast as Base,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components/Toast";
import { useTexts } from "../texts/language.js";
import { IconButton } from "./Button.js";

export interface Notice {
  readonly tone: "info" | "good" | "bad";
  readonly words: string;
  /** What one may do about it. */
  readonly action?: { readonly words: string; readonly act: () => void };
}

const MOST = 4;
const GOES_MS = 6_000;
const ICONS = { info: Info, good: CircleCheck, bad: CircleX };
const queue = new ToastQueue<Notice>({ maxVisibleToasts: MOST });

/** Shows a notice. Bad news stay twice as long. */
export function notify(notice: Notice): void {
  queue.add(notice, { timeout: notice.tone === "bad" ? 2 * GOES_MS : GOES_MS });
}

export function Toasts() {
  const texts = useTexts();
  return (
    <ToastRegion queue={queue} className="toasts">
      {({ toast }) => {
        const { tone, words, action } = toast.content;
        const Icon = ICONS[tone];
        return (
          <Base toast={toast} className={`toast ${tone}`}>
            <Icon size={18} aria-hidden />
            <ToastContent className="toast-content">
              <Text slot="title">{words}</Text>
            </ToastContent>
            {action !== undefined && (
              <button type="button" className="toast-action" onClick={() => { action.act(); queue.close(toast.key); }}>
                {action.words}
              </button>
            )}
            <IconButton label={texts.close} slot="close">
              <X size={15} aria-hidden />
            </IconButton>
          </Base>
        );
      }}
    </ToastRegion>
  );
}
