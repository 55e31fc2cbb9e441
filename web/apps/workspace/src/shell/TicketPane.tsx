/** A ticket by its number. One that belongs to a conversation is shown as that conversation. */

import { FileQuestion } from "lucide-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { keys, tickets, useRest } from "../rest/index.js";
import { go } from "../route.js";
import { useTexts } from "../texts/language.js";
import { Empty } from "../ui/Empty.js";
import { Skeleton } from "../ui/Skeleton.js";

export function TicketPane({ number }: { number: number }) {
  const rest = useRest();
  const texts = useTexts();
  const found = useQuery({ queryKey: keys.ticket(number), queryFn: ({ signal }) => tickets.ticket(rest, number, signal) });
  const conversation = found.data?.value.conversation_id ?? null;
  useEffect(() => {
    if (conversation !== null) go({ open: { kind: "conversation", id: conversation } }, { replace: true });
  }, [conversation]);
  if (found.isError) {
    return (
      <main className="nothing-open">
        <Empty icon={FileQuestion} title={texts.noTicket(number)} hint={found.error.message} />
      </main>
    );
  }
  if (conversation !== null || found.data === undefined) {
    return (
      <main className="nothing-open" aria-busy="true">
        <Skeleton width="40%" height={18} />
      </main>
    );
  }
  return (
    <main className="nothing-open">
      <Empty icon={FileQuestion} title={`#${number} ${found.data.value.subject}`} hint={found.data.value.description} />
    </main>
  );
}
