/** The browser's leave to notify outside of its page. It is asked for when the agent presses for it, and never before. */

import { useSyncExternalStore } from "react";
import { change, settings } from "../shell/settings.js";

export type Leave = NotificationPermission | "missing";

const watchers = new Set<() => void>();

export const leave = (): Leave => (typeof Notification === "undefined" ? "missing" : Notification.permission);

/** Switches desktop notifications on, after asking for leave, or off. */
export async function askForDesktop(on: boolean): Promise<void> {
  if (on && leave() === "default") await Notification.requestPermission();
  change({ desktop: on && leave() === "granted" });
  for (const watcher of watchers) watcher();
}

export function useDesktop(): Leave {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, leave);
}

export interface News {
  readonly title: string;
  readonly words: string;
  /** News of the same tag replace each other. */
  readonly tag: string;
  readonly open: () => void;
}

/** Shows it outside of the page, where the agent has asked for that. */
export function showOutside(news: News): void {
  if (!settings().desktop || leave() !== "granted") return;
  try {
    const shown = new Notification(news.title, { body: news.words, tag: news.tag });
    shown.onclick = () => {
      window.focus();
      news.open();
      shown.close();
    };
  } catch {
    // Some telephones let only service workers notify: there the page and its sound must do.
  }
}
