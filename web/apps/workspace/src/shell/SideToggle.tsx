/** Shows or hides what stands at a conversation's side: beside it where there is room, over it where there is none. */

import { PanelRight } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTexts } from "../texts/language.js";
import { IconButton } from "../ui/Button.js";
import { change, useSettings } from "./settings.js";
import { DESK, useWide } from "./wide.js";

const watchers = new Set<() => void>();
let isOver = false;

/** Whether it lies over the conversation. That is for the moment, and not remembered. */
export function setOver(shown: boolean): void {
  isOver = shown;
  for (const watcher of watchers) watcher();
}

export function useOver(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isOver,
  );
}

/** Whether it is shown, and how that is turned. */
export function useSide(): { isShown: boolean; toggle: () => void } {
  const isDesk = useWide(DESK);
  const { side } = useSettings();
  const over = useOver();
  return isDesk ? { isShown: side, toggle: () => change({ side: !side }) } : { isShown: over, toggle: () => setOver(!over) };
}

export function SideToggle() {
  const texts = useTexts();
  const { isShown, toggle } = useSide();
  return (
    <IconButton label={texts.toggleSide} keys="]" onPress={toggle} aria-pressed={isShown}>
      <PanelRight size={18} aria-hidden className="turns" />
    </IconButton>
  );
}
