/** The address by which a message's file opens: its own, or, if that is private, a signed one, which is good for a while. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useRest } from "../../rest/index.js";

interface Known {
  attachment: { access: "public" | "private"; link?: { url: string; expiresAt: string } };
}

export interface Media {
  /** Null: it is not there any more. */
  url: string | null;
  isPending: boolean;
  /** Its own address does not do: ask for a signed one. */
  sign: () => void;
}

const MARGIN_MS = 30_000;
/** Longer than this timers do not go. */
const LONGEST_MS = 86_400_000;

/** `asks`: at once, and not only when the first address has failed. */
export function useMedia(content: { mediaUrl: string; attachmentId?: string }, asks = false): Media {
  const rest = useRest();
  const [wanted, setWanted] = useState(asks);
  const { attachmentId } = content;
  const found = useQuery({
    queryKey: ["attachment", attachmentId],
    queryFn: ({ signal }) => rest.get<Known>(`/agent/v1/attachments/${attachmentId}`, {}, signal),
    enabled: wanted && attachmentId !== undefined,
    staleTime: ({ state }) => untilMs(state.data),
    refetchInterval: ({ state }) => (state.data?.attachment.link === undefined ? false : untilMs(state.data)),
    retry: false,
  });
  const isGone = (found.error as { status?: number } | null)?.status === 404;
  const url = isGone ? null : (found.data?.attachment.link?.url ?? content.mediaUrl);
  return { url, isPending: found.isFetching, sign: () => setWanted(true) };
}

/** For how long an answer is good: until its link ends, or for ever. */
function untilMs(known: Known | undefined): number {
  const link = known?.attachment.link;
  return link === undefined ? Infinity : Math.min(LONGEST_MS, Math.max(1_000, Date.parse(link.expiresAt) - Date.now() - MARGIN_MS));
}
