/** Work that this agent is asked to take: who it is, for how long it is theirs to take, yes or no. */

import { shallow, useAgent, useOrders } from "@causerie/agent/react";
import type { Work } from "@causerie/agent";
import { useQuery } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { useKeys } from "../keys/useKeys.js";
import { useFilled } from "../lists/filled.js";
import { previewOf } from "../lists/preview.js";
import { rowOfSummary, type Row } from "../lists/rows.js";
import { ringOffer } from "../notify/sounds.js";
import { showOutside } from "../notify/desktop.js";
import { go } from "../route.js";
import { keys, tickets, useRest } from "../rest/index.js";
import { useSecond } from "../shell/now.js";
import { PHONE, useWide } from "../shell/wide.js";
import { useTexts } from "../texts/language.js";
import { Avatar } from "../ui/Avatar.js";
import { Button } from "../ui/Button.js";
import { notify } from "../ui/Toast.js";
import { left, offersTo } from "./offers.js";
import "./offers.css";

/** So many at once, and one where there is little room. */
const SHOWN = 3;

export function Offers() {
  const offers = useAgent((state) => offersTo(state.routing.work, state.me?.id ?? null), shallow);
  const texts = useTexts();
  const first = offers[0];
  const shown = useWide(PHONE) ? SHOWN : 1;
  const answer = useAnswer();
  useKeys([
    { keys: "Alt+a", group: "conversation", words: texts.acceptOffer, whileWriting: true, isOff: first === undefined, act: () => first !== undefined && answer(first, true) },
    { keys: "Alt+d", group: "conversation", words: texts.declineOffer, whileWriting: true, isOff: first === undefined, act: () => first !== undefined && answer(first, false) },
  ]);
  useRinging(offers);
  return (
    <section className="offers" aria-label={texts.offers} role="region" aria-live="assertive">
      {offers.slice(0, shown).map((offer) => (
        <Offer key={offer.ticketId} offer={offer} answer={answer} />
      ))}
      {offers.length > shown && <p className="offers-more">{texts.moreOffers(offers.length - shown)}</p>}
    </section>
  );
}

function useAnswer(): (offer: Work, yes: boolean) => void {
  const texts = useTexts();
  const orders = useOrders();
  return (offer, yes) => {
    const { conversationId } = offer;
    const said = yes ? orders.accept(offer.ticketId) : orders.decline(offer.ticketId);
    if (yes && conversationId !== undefined) go({ open: { kind: "conversation", id: conversationId }, list: "mine", words: "" });
    said.catch((error: unknown) => notify({ tone: "bad", words: texts.offerFailed(error instanceof Error ? error.message : "") }));
  };
}

/** A sound and, where asked for, a notification for each that is new. */
function useRinging(offers: readonly Work[]): void {
  const texts = useTexts();
  const known = useRef(new Set<string>());
  useEffect(() => {
    const fresh = offers.filter((one) => !known.current.has(one.ticketId));
    known.current = new Set(offers.map((one) => one.ticketId));
    if (fresh.length === 0) return;
    ringOffer();
    if (document.visibilityState === "visible" && document.hasFocus()) return;
    for (const one of fresh) showOutside({ title: texts.newOffer, words: texts.newOfferHint, tag: `offer-${one.ticketId}`, open: () => undefined });
  }, [offers, texts]);
}

/** What it is about. Whoever accepts sees the same beside the conversation, and has it already. */
function useSubject(conversation: string | undefined): string | null {
  const rest = useRest();
  const id = conversation ?? "";
  const found = useQuery({ queryKey: keys.dossier(id), queryFn: ({ signal }) => tickets.dossier(rest, id, signal), enabled: id !== "" });
  return found.data?.value.ticket?.subject ?? null;
}

function useOffered(conversation: string | undefined): Row | null {
  const summary = useAgent((state) => (conversation === undefined ? undefined : state.inbox.conversations.get(conversation)));
  const rows = useMemo(() => (summary === undefined ? [] : [rowOfSummary(summary, null)]), [summary]);
  return useFilled(rows)[0] ?? null;
}

function Offer({ offer, answer }: { offer: Work; answer: (offer: Work, yes: boolean) => void }) {
  const texts = useTexts();
  const row = useOffered(offer.conversationId);
  const skewMs = useAgent((state) => state.skewMs);
  const [isAnswered, setAnswered] = useState(false);
  const name = row?.name ?? texts.visitor;
  const last = row?.last ?? null;
  const preview = last === null ? null : previewOf(last);
  const subject = useSubject(offer.conversationId);
  const say = (yes: boolean) => {
    setAnswered(true);
    answer(offer, yes);
  };
  return (
    <article className="offer">
      <div className="offer-top">
        <Avatar name={name} seed={row?.userId ?? offer.ticketId} url={row?.avatarUrl} size={40} />
        <div className="offer-words">
          <strong>{name}</strong>
          <span>{preview === null ? (subject ?? texts.newOfferHint) : preview.kind === "words" ? preview.words : texts.previewOf(preview.kind)}</span>
        </div>
        <Ring until={offer.untilMs} since={offer.sinceMs} skewMs={skewMs} />
      </div>
      <div className="offer-buttons">
        <Button variant="primary" isDisabled={isAnswered} onPress={() => say(true)}>
          <Check size={16} aria-hidden />
          {texts.accept}
        </Button>
        <Button isDisabled={isAnswered} onPress={() => say(false)}>
          <X size={16} aria-hidden />
          {texts.decline}
        </Button>
      </div>
    </article>
  );
}

const RADIUS = 17;
const AROUND = 2 * Math.PI * RADIUS;

/** The seconds that are left, and a ring that empties. */
function Ring({ until, since, skewMs }: { until: number | undefined; since: number | undefined; skewMs: number }) {
  const now = useSecond() + skewMs;
  const texts = useTexts();
  const time = left(until, since, now);
  if (time === null) return null;
  return (
    <span className="offer-ring" role="timer" aria-label={texts.secondsLeft(time.seconds)} data-late={time.seconds <= 5 || undefined}>
      <svg viewBox="0 0 40 40" width={40} height={40} aria-hidden>
        <circle cx={20} cy={20} r={RADIUS} />
        <circle cx={20} cy={20} r={RADIUS} className="offer-ring-left" strokeDasharray={AROUND} strokeDashoffset={AROUND * (1 - time.part)} />
      </svg>
      <span aria-hidden>{time.seconds}</span>
    </span>
  );
}
