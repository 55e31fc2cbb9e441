/** What views share: the messenger, the language, and values that change. */

import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { State, Store } from "@causerie/client";
import type { Messenger } from "./messenger.js";
import type { Language, Texts } from "./texts/index.js";

export const MessengerContext = createContext<Messenger | null>(null);

export function useMessenger(): Messenger {
  const found = useContext(MessengerContext);
  if (found === null) throw new Error("no messenger around this view");
  return found;
}

/** The value of a store, now and whenever it changes. Changes of one tick are drawn once. */
export function useStore<T>(store: Store<T>): T {
  const [value, set] = useState(() => store.get());
  useEffect(() => {
    set(() => store.get());
    return store.watch((next) => set(() => next));
  }, [store]);
  return value;
}

export const useClient = (): State => useStore(useMessenger().client.state);
export const useLanguage = (): Language => useStore(useMessenger().language);
export const useTexts = (): Texts => useLanguage().texts;
