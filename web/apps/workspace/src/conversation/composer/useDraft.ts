/** The draft of a conversation, and the drafts of whoever is signed in. */

import { browserShelf } from "@causerie/client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useSession } from "../../session/SessionProvider.js";
import { type Draft, Drafts } from "./drafts.js";

const all = new WeakMap<object, Drafts>();

/** One book of drafts for each session. */
export function useDrafts(): Drafts {
  const session = useSession();
  let found = all.get(session);
  if (found === undefined) all.set(session, (found = new Drafts(browserShelf(() => localStorage), session.agent.id)));
  return found;
}

export function useDraft(conversation: string): { draft: Draft; change: (by: Partial<Draft>) => void; drafts: Drafts } {
  const drafts = useDrafts();
  const store = useMemo(() => drafts.of(conversation), [drafts, conversation]);
  const draft = useSyncExternalStore(
    useCallback((changed: () => void) => store.watch(changed), [store]),
    () => store.get(),
  );
  const change = useCallback((by: Partial<Draft>) => drafts.change(conversation, by), [drafts, conversation]);
  return { draft, change, drafts };
}
