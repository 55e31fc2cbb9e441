/** What keys do in the conversation that is open. */

import { useOrders } from "@causerie/agent/react";
import { useTexts } from "../texts/language.js";
import { notify } from "../ui/Toast.js";
import { useKeys } from "./useKeys.js";

/** To where one writes, as an answer or as a note. */
function write(mode: "reply" | "note"): void {
  document.querySelector<HTMLInputElement>(`.talk-composer input[type=radio][value=${mode}]`)?.click();
  document.querySelector<HTMLTextAreaElement>("textarea[data-composer]")?.focus();
}

const isComposing = (): boolean => document.activeElement?.hasAttribute("data-composer") === true;

export function useConversationKeys({ id, isMine, transfer }: { id: string; isMine: boolean; transfer: () => void }): void {
  const texts = useTexts();
  const orders = useOrders();
  const tried = (done: Promise<unknown>): void => {
    done.catch((error: unknown) => notify({ tone: "bad", words: texts.orderFailed(error instanceof Error ? error.message : "") }));
  };
  useKeys([
    { keys: "r", group: "conversation", words: texts.keyReply, act: () => write("reply") },
    { keys: "n", group: "conversation", words: texts.keyNote, act: () => write("note") },
    { keys: "a", group: "conversation", words: texts.take, isOff: isMine, act: () => tried(orders.take(id)) },
    { keys: "t", group: "conversation", words: texts.keyTransfer, act: transfer },
    { keys: "e", group: "conversation", words: texts.solve, act: () => tried(orders.setStatus(id, "solved")) },
    { keys: "Escape", group: "conversation", words: texts.keyLeaveField, whileWriting: true, act: () => isComposing() && (document.activeElement as HTMLElement).blur() },
  ]);
}
