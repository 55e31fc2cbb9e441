import type { AgentEvent } from "@causerie/agent";
import { expect, it } from "vitest";
import { isNews, type Ears } from "./news.js";

const EARS: Ears = { me: "me", isMine: true, isInSight: false };

function event(type: string, author: object, metadata?: Record<string, string>): AgentEvent {
  const message = { id: "m", received: "", author, content: { type: "text", text: "x" }, ...(metadata === undefined ? {} : { metadata }) };
  return { id: "e", createdAt: "", type, payload: { message } } as unknown as AgentEvent;
}

const CUSTOMER = event("conversation:message", { type: "user" });

it("tells of what customers say in one's own conversations, unless it is before one's eyes", () => {
  expect(isNews(CUSTOMER, EARS)).not.toBeNull();
  expect(isNews(CUSTOMER, { ...EARS, isInSight: true })).toBeNull();
  expect(isNews(CUSTOMER, { ...EARS, isMine: false })).toBeNull();
  expect(isNews(event("conversation:message", { type: "business", agentId: "other" }), EARS)).toBeNull();
  expect(isNews(null, EARS)).toBeNull();
});

it("tells of others' notes in one's own conversations, and of those that name one anywhere", () => {
  const note = (agentId: string, mentions?: string) => event("causerie:note:create", { type: "business", agentId }, mentions === undefined ? undefined : { mentions });
  expect(isNews(note("other"), EARS)).not.toBeNull();
  expect(isNews(note("me"), EARS)).toBeNull();
  expect(isNews(note("other"), { ...EARS, isMine: false })).toBeNull();
  expect(isNews(note("other", "you,me"), { ...EARS, isMine: false })).not.toBeNull();
});
