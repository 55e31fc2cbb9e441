/** The draft of a conversation, and the drafts of whoever is signed in. */

import { browserShelf } from "@causerie/client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { useSession } from "../../session/SessionProvider.js";
import { type Draft, Drafts } from "./drafts.js";

const all = new Map<string, Drafts>();

export function useDrafts(): Drafts {
  const { agent } = useSession();
  let found = all.get(agent.id);
  if (found === undefined) all.set(agent.id, (found = new Drafts(browserShelf(() => localStorage), agent.id)));
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
