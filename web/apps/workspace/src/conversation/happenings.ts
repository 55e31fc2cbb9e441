/** What happened in a conversation beside what was said, and how that is put into words. Null: nothing that an agent needs to read. Pure. */

import { AGENTS, BOT, type AgentEvent, type Member, type TicketRef } from "@causerie/agent";
import type { Texts } from "../texts/index.js";
import { statusName } from "../side/names.js";

export type Sign = "start" | "person" | "bot" | "people" | "away" | "ticket" | "status" | "end" | "star" | "press" | "trash" | "warning" | "page";

/** Whom ids and numbers stand for. */
export interface Names {
  agent: (id: string | undefined) => string;
  group: (number: number | undefined) => string;
}

export interface Happening {
  sign: Sign;
  words: (texts: Texts, names: Names) => string;
  /** An address that the words lead to. */
  link?: string;
}

type Words = Happening["words"];

/** How the ticket was before, and the status that was told last: the conversation and its ticket both tell it. */
export interface Standing {
  ticket: TicketRef | null;
  status: string | null;
}

export function standingAfter(before: Standing, { payload }: AgentEvent): Standing {
  if (payload.ticket !== undefined) return { ticket: payload.ticket, status: payload.ticket.status ?? "new" };
  return payload.status === undefined ? before : { ...before, status: payload.status };
}

export function happeningOf(event: AgentEvent, before: Standing): Happening | null {
  const { payload } = event;
  switch (event.type) {
    case "conversation:create":
      return say("start", (texts) => texts.talkBegan);
    case "conversation:postback":
      return say("press", (texts) => texts.talkPressed(payload.postback?.payload ?? ""));
    case "causerie:page:visit":
      return payload.page === undefined ? null : { ...say("page", (texts) => texts.talkPage(pageName(payload.page))), link: payload.page.url };
    case "conversation:join":
      return say("person", (texts) => texts.talkJoined);
    case "conversation:leave":
      return say("person", (texts) => texts.talkLeft);
    case "causerie:participant:replace":
      return say("person", (texts) => texts.talkKnown);
    case "causerie:messages:delete":
      return say("trash", (texts) => texts.talkAllDeleted);
    case "causerie:status:change":
      return payload.status === before.status ? null : say("status", (texts) => texts.talkStatus(statusName(texts, payload.status ?? "")));
    case "causerie:session:change":
      return say("away", (texts) => (payload.session === "inactive" ? texts.talkQuiet : texts.talkBack));
    case "causerie:session:end":
      return say("end", (texts) => (payload.by === "user" ? texts.talkEndedByCustomer : texts.talkEndedByAgent));
    case "causerie:survey:ask":
      return say("star", (texts) => texts.talkAsked);
    case "causerie:survey:answer":
      return say("star", (texts) => (payload.comment === true ? texts.talkRatingComment : texts.talkRated(payload.score ?? 0, payload.of ?? 0)));
    case "causerie:ticket:open":
      return opened(event);
    case "causerie:ticket:change":
      return changed(payload.ticket, before);
    default:
      return ofControl(event);
  }
}

/** What a page is called, or else its path. */
function pageName(page: AgentEvent["payload"]["page"]): string {
  if (page?.title) return page.title;
  return URL.canParse(page?.url ?? "") ? new URL(page?.url ?? "").pathname : "";
}

const say = (sign: Sign, words: Words): Happening => ({ sign, words });

function ofControl({ type, payload }: AgentEvent): Happening | null {
  const { activeSwitchboardIntegration: active, pendingSwitchboardIntegration: pending } = payload.conversation ?? {};
  switch (type) {
    case "switchboard:passControl":
      return moved(active, (texts) => [texts.talkPassed(memberName(texts, active)), reasonOf(texts, payload.reason)]);
    case "switchboard:offerControl":
      return moved(pending, (texts) => [texts.talkOffered(memberName(texts, pending))]);
    case "switchboard:acceptControl":
      return moved(active, (texts) => [texts.talkAccepted(memberName(texts, active))]);
    case "causerie:responder:change":
      return moved(active, (texts) => [texts.talkAnswers(memberName(texts, active))]);
    case "switchboard:releaseControl":
      return moved(undefined, (texts) => [texts.talkReleased, reasonOf(texts, payload.reason)]);
    case "switchboard:passControl:failure":
    case "switchboard:offerControl:failure":
    case "switchboard:acceptControl:failure":
      return say("warning", (texts) => texts.talkNotPassed(payload.error?.message ?? ""));
    default:
      return null;
  }
}

function moved(to: Member | undefined, parts: (texts: Texts) => string[]): Happening {
  const sign = to?.integrationType === AGENTS ? "people" : to === undefined ? "away" : "bot";
  return say(sign, (texts) => parts(texts).filter((part) => part !== "").join(" · "));
}

export function memberName(texts: Texts, member: Member | null | undefined): string {
  if (member?.integrationType === AGENTS) return texts.talkPeople;
  return member?.integrationType === BOT ? texts.talkBot : (member?.name ?? "");
}

const REASONS = {
  ticketClosed: "talkBecauseClosed",
  ticketSolved: "talkBecauseSolved",
  sessionEnded: "talkBecauseEnded",
  idle: "talkBecauseIdle",
  noAnswer: "talkBecauseNoAnswer",
  takenOver: "talkBecauseTaken",
} as const;

/** The reasons that the system gives, in words; what a request gave as its own, as it is. */
function reasonOf(texts: Texts, reason: string | undefined): string {
  if (reason === undefined) return "";
  return reason in REASONS ? texts[REASONS[reason as keyof typeof REASONS]] : reason;
}

function opened({ payload }: AgentEvent): Happening {
  const { number = 0 } = payload.ticket ?? {};
  const { followupOf = 0 } = payload;
  return say("ticket", (texts) => {
    if (followupOf > 0) return texts.talkFollowup(texts.ticketNumber(followupOf));
    return number > 0 ? texts.talkTicketAgain(texts.ticketNumber(number)) : texts.talkTicketOpened;
  });
}

/** What is different about the ticket; its number is new after it was opened. */
function changed(ticket: TicketRef | undefined, { ticket: before, status }: Standing): Happening | null {
  if (ticket === undefined) return null;
  const same: TicketRef = before?.id === ticket.id ? before : { id: ticket.id };
  const parts: Words[] = [];
  if (ticket.assigneeId !== same.assigneeId) {
    parts.push((texts, names) => (ticket.assigneeId === undefined ? texts.talkUnassigned : texts.talkAssigned(names.agent(ticket.assigneeId))));
  } else if (ticket.groupId !== same.groupId && ticket.groupId !== undefined) parts.push((texts, names) => texts.talkToGroup(names.group(ticket.groupId)));
  if (same.status !== undefined && (ticket.status ?? "new") !== status) parts.push((texts) => texts.talkTicketStatus(statusName(texts, ticket.status ?? "new")));
  if ((same.number ?? 0) === 0 && (ticket.number ?? 0) > 0) parts.unshift((texts) => texts.ticketNumber(ticket.number ?? 0));
  if (parts.length === 0) return null;
  return say("ticket", (texts, names) => parts.map((part) => part(texts, names)).join(" · "));
}
