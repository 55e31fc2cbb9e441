/** The files of a conversation that are on their way. They go on when the agent looks elsewhere, and are in the draft in the end. */

import { useCallback, useSyncExternalStore } from "react";
import { useSession } from "../../session/SessionProvider.js";
import type { Drafts } from "./drafts.js";
import { type Upload, Uploads } from "./uploads.js";

const all = new WeakMap<Drafts, Map<string, Uploads>>();

export function useUploads(conversation: string, drafts: Drafts): { uploads: Uploads; underway: readonly Upload[] } {
  const { token } = useSession();
  const uploads = uploadsOf(conversation, drafts, token);
  const underway = useSyncExternalStore(
    useCallback((changed: () => void) => uploads.all.watch(changed), [uploads]),
    () => uploads.all.get(),
  );
  return { uploads, underway };
}

function uploadsOf(conversation: string, drafts: Drafts, token: string): Uploads {
  const mine = all.get(drafts) ?? new Map<string, Uploads>();
  all.set(drafts, mine);
  let found = mine.get(conversation);
  if (found === undefined) {
    found = new Uploads(conversation, (file) => drafts.change(conversation, { files: [...drafts.of(conversation).get().files, file] }));
    mine.set(conversation, found);
  }
  found.token = token;
  return found;
}
