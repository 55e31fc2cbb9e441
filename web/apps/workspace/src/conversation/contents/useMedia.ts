/** The address by which a message's file opens: its own, or, if that is private, a signed one, which is good for a while. */

import { useQuery } from "@tanstack/react-query";
import { useRest } from "../../rest/index.js";

interface Known {
  attachment: { access: "public" | "private"; link?: { url: string; expiresAt: string } };
}

export interface Media {
  /** Null: it is not there any more, or not known yet. */
  url: string | null;
  isPending: boolean;
}

const MARGIN_MS = 30_000;
/** Longer than this timers do not go. */
const LONGEST_MS = 86_400_000;

/** Of a file that is the server's it is asked first: a private one's own address would make the browser ask for a password. */
export function useMedia({ mediaUrl, attachmentId }: { mediaUrl: string; attachmentId?: string }): Media {
  const rest = useRest();
  const found = useQuery({
    queryKey: ["attachment", attachmentId],
    queryFn: ({ signal }) => rest.get<Known>(`/agent/v1/attachments/${attachmentId}`, {}, signal),
    enabled: attachmentId !== undefined,
    staleTime: ({ state }) => untilMs(state.data),
    refetchInterval: ({ state }) => (state.data?.attachment.link === undefined ? false : untilMs(state.data)),
    retry: false,
  });
  if (attachmentId === undefined) return { url: mediaUrl, isPending: false };
  if (found.data !== undefined) return { url: found.data.attachment.link?.url ?? mediaUrl, isPending: false };
  return { url: null, isPending: found.isPending };
}

/** For how long an answer is good: until its link ends, or for ever. */
function untilMs(known: Known | undefined): number {
  const link = known?.attachment.link;
  return link === undefined ? Infinity : Math.min(LONGEST_MS, Math.max(1_000, Date.parse(link.expiresAt) - Date.now() - MARGIN_MS));
}
