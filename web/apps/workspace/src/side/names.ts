/** Values of tickets in people's words. Pure. */

import type { AuditEvent, DeskAgent, Field, Group, Person } from "../rest/index.js";
import type { Texts } from "../texts/index.js";

export const STATUSES = ["new", "open", "pending", "hold", "solved", "closed"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export const TYPES = ["problem", "incident", "question", "task"] as const;

const STATUS = {
  new: "statusNew",
  open: "statusOpen",
  pending: "statusPending",
  hold: "statusHold",
  solved: "statusSolved",
  closed: "statusClosed",
  deleted: "statusDeleted",
} as const;
const PRIORITY = { low: "priorityLow", normal: "priorityNormal", high: "priorityHigh", urgent: "priorityUrgent" } as const;
const TYPE = { problem: "typeProblem", incident: "typeIncident", question: "typeQuestion", task: "typeTask" } as const;
const FIELD = {
  subject: "ticketSubject",
  status: "ticketStatus",
  priority: "ticketPriority",
  type: "ticketType",
  group_id: "ticketGroup",
  assignee_id: "ticketAssignee",
  tags: "ticketTags",
  follower_ids: "ticketFollowers",
  due_at: "ticketDue",
  problem_id: "linkProblem",
  requester_id: "changeRequester",
  satisfaction_score: "ratingTitle",
  rating: "ratingTitle",
} as const;

const CHANNEL = { native_messaging: "ticketByMessaging", api: "ticketByApi", web: "ticketByWeb" } as const;

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad";

export const statusName = (texts: Texts, status: string): string => word(texts, STATUS, status);
export const priorityName = (texts: Texts, priority: string): string => word(texts, PRIORITY, priority);
export const typeName = (texts: Texts, type: string): string => word(texts, TYPE, type);

export const channelName = (texts: Texts, channel: string): string => word(texts, CHANNEL, channel);

export function statusTone(status: string): Tone {
  if (status === "new") return "warn";
  if (status === "open") return "bad";
  if (status === "pending") return "accent";
  return status === "solved" ? "good" : "neutral";
}

function word(texts: Texts, names: Readonly<Record<string, keyof Texts>>, value: string): string {
  const name = names[value];
  return name === undefined ? value : (texts[name] as string);
}

/** Whom and what numbers stand for. */
export interface Known {
  people: ReadonlyMap<number, string>;
  groups: ReadonlyMap<number, string>;
  fields: ReadonlyMap<number, Field>;
}

export function known(people: readonly (Person | DeskAgent)[], groups: readonly Group[], fields: readonly Field[]): Known {
  return {
    people: new Map(people.map((one) => ["user_id" in one ? one.user_id : one.id, one.name])),
    groups: new Map(groups.map((one) => [one.id, one.name])),
    fields: new Map(fields.map((one) => [one.id, one])),
  };
}

export function fieldName(texts: Texts, names: Known, field: string | number): string {
  const own = names.fields.get(Number(field));
  if (own !== undefined) return own.title;
  return word(texts, FIELD, String(field));
}

/** A value of a field, as it is read. */
export function valueName(texts: Texts, names: Known, field: string | number, value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  switch (field) {
    case "status":
      return statusName(texts, String(value));
    case "priority":
      return priorityName(texts, String(value));
    case "type":
      return typeName(texts, String(value));
    case "assignee_id":
    case "requester_id":
    case "submitter_id":
      return names.people.get(Number(value)) ?? texts.personUnknown;
    case "group_id":
      return names.groups.get(Number(value)) ?? String(value);
    case "follower_ids":
      return list(value, (one) => names.people.get(Number(one)) ?? texts.personUnknown);
    case "rating":
    case "satisfaction_score":
      return value === "good" ? texts.ratingGood : value === "bad" ? texts.ratingBad : String(value);
  }
  const own = names.fields.get(Number(field));
  return own === undefined ? list(value, String) : ownValue(texts, own, value);
}

function ownValue(texts: Texts, field: Field, value: unknown): string {
  if (typeof value === "boolean") return value ? texts.ticketYes : texts.ticketNo;
  return list(value, (one) => field.custom_field_options?.find((option) => option.value === one)?.name ?? String(one));
}

function list(value: unknown, name: (one: unknown) => string): string {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.length === 0 ? "–" : all.map(name).join(", ");
}

/** Fields that mean nothing to people. */
const SILENT = new Set(["submitter_id", "session_state", "external_id", "brand_id"]);

/** What of an audit is worth a line: what was said in the conversation stands there. */
export function worthTelling(parts: readonly AuditEvent[]): AuditEvent[] {
  return parts.filter((one) => one.type !== "ChatEvent" && !SILENT.has(one.field_name ?? ""));
}

/** One part of an audit in words. */
export function told(texts: Texts, names: Known, part: AuditEvent): string {
  if (part.type === "Comment") return part.public === false ? texts.changeNoted : texts.changeCommented;
  if (part.type === "CommentPrivacyChange") return texts.changeHidden;
  if (part.type === "CommentRedactionEvent") return texts.changeRedacted;
  if (part.field_name === undefined) return texts.changeOther;
  const field = fieldName(texts, names, part.field_name);
  const value = valueName(texts, names, part.field_name, part.value);
  if (part.type === "Create" || part.previous_value === undefined || part.previous_value === null) return texts.changeTo(field, value);
  return texts.changeFromTo(field, valueName(texts, names, part.field_name, part.previous_value), value);
}
