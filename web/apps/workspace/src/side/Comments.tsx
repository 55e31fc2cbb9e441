/** What was said on a ticket, to read: the customer's and the agents' words, and the notes among them, as text. */

import { useInfiniteQuery } from "@tanstack/react-query";
import { Paperclip } from "lucide-react";
import { keys, tickets, useRest, type Comment, type Person } from "../rest/index.js";
import { useLanguage } from "../texts/language.js";
import { Avatar, Badge, Button } from "../ui/index.js";
import { Failed, Loading } from "./Part.js";
import { shortly } from "./times.js";

export function Comments({ number }: { number: number }) {
  const rest = useRest();
  const { texts } = useLanguage();
  const found = useInfiniteQuery({
    queryKey: keys.comments(number),
    queryFn: ({ pageParam, signal }) => tickets.comments(rest, number, pageParam, signal),
    initialPageParam: 1,
    getNextPageParam: (page) => page.next,
  });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed again={() => void found.refetch()} />;
  const people = new Map(found.data.pages.flatMap((page) => page.users.map((one) => [one.id, one] as const)));
  const comments = found.data.pages.flatMap((page) => page.items);
  return (
    <>
      {comments.length === 0 && <p className="side-quiet">{texts.historyEmpty}</p>}
      <ol className="side-comments" aria-label={texts.paneComments}>
        {comments.map((one) => (
          <Said key={one.id} comment={one} author={people.get(one.author_id)} />
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

function Said({ comment, author }: { comment: Comment; author: Person | undefined }) {
  const { language, texts } = useLanguage();
  const name = author?.name ?? texts.changeBySystem;
  const files = comment.attachments.filter((one) => /^(https?:)?\//.test(one.content_url));
  return (
    <li className={comment.public ? "side-said" : "side-said note"}>
      <Avatar name={name} seed={author?.messaging_id ?? name} url={author?.photo?.content_url} size={26} />
      <div>
        <header>
          <b dir="auto">{name}</b>
          {!comment.public && <Badge tone="warn">{texts.historyNote}</Badge>}
          <time dateTime={comment.created_at}>{shortly(language, comment.created_at)}</time>
        </header>
        <p dir="auto">{comment.body}</p>
        {files.map((one) => (
          <a key={one.content_url} href={one.content_url} target="_blank" rel="noreferrer noopener">
            <Paperclip size={13} aria-hidden /> {one.file_name}
          </a>
        ))}
      </div>
    </li>
  );
}
