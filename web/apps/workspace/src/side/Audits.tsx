/** What was changed and by whom, the latest first. Read when it is opened, and not before. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { keys, tickets, useRest, type Audit } from "../rest/index.js";
import { useLanguage } from "../texts/language.js";
import { Button } from "../ui/index.js";
import { told, worthTelling, type Known } from "./names.js";
import { Failed, Loading } from "./Part.js";
import { shortly } from "./times.js";

export function Audits({ number, names }: { number: number; names: Known }) {
  const { texts } = useLanguage();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="side-audits" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight size={15} aria-hidden /> {texts.changes}
      </summary>
      {isOpen && <List number={number} names={names} />}
    </details>
  );
}

function List({ number, names }: { number: number; names: Known }) {
  const rest = useRest();
  const { language, texts } = useLanguage();
  const found = useInfiniteQuery({
    queryKey: keys.audits(number),
    queryFn: ({ pageParam, signal }) => tickets.audits(rest, number, pageParam, signal),
    initialPageParam: 1,
    getNextPageParam: (page) => page.next,
  });
  if (found.isPending) return <Loading lines={4} />;
  if (found.isError) return <Failed again={() => void found.refetch()} />;
  const people = new Map([...names.people, ...found.data.pages.flatMap((page) => page.users.map((one) => [one.id, one.name] as const))]);
  const all = { ...names, people };
  const audits = found.data.pages.flatMap((page) => page.items.map((one) => ({ ...one, events: worthTelling(one.events) }))).filter((one) => one.events.length > 0);
  const author = (audit: Audit): string => {
    if (audit.via.channel === "rule") return texts.changeByRule(audit.via.source?.from?.title ?? "");
    return people.get(audit.author_id) ?? texts.changeBySystem;
  };
  return (
    <>
      {audits.length === 0 && <p className="side-quiet">{texts.changesNone}</p>}
      <ol>
        {audits.map((audit) => (
          <li key={audit.id}>
            <header>
              <b dir="auto">{author(audit)}</b>
              <time dateTime={audit.created_at}>{shortly(language, audit.created_at)}</time>
            </header>
            {audit.events.map((part) => (
              <p key={part.id} dir="auto">
                {told(texts, all, part)}
              </p>
            ))}
          </li>
        ))}
      </ol>
      {found.hasNextPage && (
        <Button size="small" variant="quiet" isPending={found.isFetchingNextPage} onPress={() => void found.fetchNextPage()}>
          {texts.sideMore}
        </Button>
      )}
    </>
  );
}
