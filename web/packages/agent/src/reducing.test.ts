import { describe, expect, test } from "vitest";
import { Book, MAX_KNOWN } from "./book.js";
import type { AgentEvent, EventPayload, Listed } from "./frames.js";
import { emptyThread, prepend, quiet, reduce, VIEWING_MS } from "./thread.js";

const CONVERSATION = "c".repeat(24);
const PEOPLE = { id: "p", name: "agentWorkspace", integrationType: "zd:agentWorkspace" };
const BOT = { id: "b", name: "answerBot", integrationType: "zd:answerBot" };

const at = (seq: number): string => new Date(1_767_225_600_000 + seq * 1000).toISOString();

function event(seq: number, type: string, payload: EventPayload = {}): AgentEvent {
  return { id: `e${seq}`, createdAt: at(seq), type, payload: { conversation: { id: CONVERSATION, activeSwitchboardIntegration: PEOPLE }, ...payload } };
}

function said(seq: number, by: "user" | "business", agentId?: string): AgentEvent {
  const author = by === "user" ? { type: by, userId: "u", displayName: "Ada" } : { type: by, ...(agentId === undefined ? {} : { agentId }) };
  return event(seq, "conversation:message", { message: { id: `m${seq}`, received: at(seq), author, content: { type: "text", text: String(seq) } } });
}

const all = (events: readonly AgentEvent[], first = 1) => events.map((one, place) => ({ seq: first + place, event: one }));
const fold = (events: readonly AgentEvent[]) => all(events).reduce((thread, { seq, event: one }) => reduce(thread, seq, one, 0), emptyThread(CONVERSATION));

describe("a conversation's thread", () => {
  const events = [
    event(1, "conversation:create", { conversation: { id: CONVERSATION, displayName: "Shoes", activeSwitchboardIntegration: BOT } }),
    said(2, "user"),
    event(3, "causerie:ticket:open", { ticket: { id: "t" } }),
    event(4, "causerie:ticket:change", { ticket: { id: "t", number: 7, status: "open", assigneeId: "a", revision: 2 } }),
    said(5, "business", "a"),
    event(6, "causerie:note:create", { message: { id: "n", received: at(6), author: { type: "business", agentId: "a" }, content: { type: "text", text: "n" } } }),
    event(7, "conversation:read", { activity: { type: "conversation:read", author: { type: "user" } } }),
    event(8, "causerie:status:change", { status: "pending" }),
    event(9, "causerie:session:end", { by: "user" }),
    said(10, "user"),
  ];

  test("is the same in whatever pages it came", () => {
    const whole = fold(events);
    for (let cut = 1; cut < events.length; cut++) {
      const newest = prepend(emptyThread(CONVERSATION), { events: all(events.slice(cut), cut + 1), more: true });
      expect(prepend(newest, { events: all(events.slice(0, cut)), more: false })).toEqual(whole);
    }
    expect(whole).toMatchObject({ first: 1, last: 10, name: "Shoes", active: PEOPLE, status: "pending", session: "ended", ticket: { number: 7 }, customer: { name: "Ada" } });
  });

  test("takes each event once, and gives a redacted one its place", () => {
    const twice = events.reduce((thread, one, place) => reduce(thread, place + 1, one, 0), fold(events));
    expect(twice).toEqual(fold(events));
    expect(reduce(fold(events), 11, null, 0)).toMatchObject({ last: 11, items: fold(events).items });
  });

  test("never goes back to an older revision of its ticket", () => {
    const thread = reduce(fold(events), 11, event(11, "causerie:ticket:change", { ticket: { id: "t", number: 7, status: "new", revision: 1 } }), 0);
    expect(thread.ticket).toMatchObject({ status: "open", revision: 2 });
    const next = reduce(thread, 12, event(12, "causerie:ticket:open", { ticket: { id: "t2" } }), 0);
    expect(next).toMatchObject({ ticket: { id: "t2" }, session: "active" });
  });

  test("forgets who typed and looked without a word, and at once who says so", () => {
    const typing = event(0, "conversation:typing", { activity: { type: "typing:start", author: { type: "user", userId: "u" } } });
    const looking = (on: boolean) => event(0, "causerie:viewing", { agent: { id: "b", displayName: "Cy" }, on });
    const thread = reduce(reduce(fold(events), null, typing, 0), null, looking(true), 0);
    expect([thread.typists.length, thread.viewers.length]).toEqual([1, 1]);
    expect(quiet(thread, VIEWING_MS + 1)).toMatchObject({ typists: [], viewers: [] });
    expect(reduce(thread, null, looking(false), 0).viewers).toEqual([]);
    expect(reduce(thread, 11, said(11, "user"), 0).typists).toEqual([]);
  });

  test("knows who waits in line, until somebody answers", () => {
    const waiting = reduce(fold(events), null, event(0, "causerie:queue:position", { position: 3, waitSeconds: 60 }), 0);
    expect(waiting.queue).toEqual({ position: 3, waitSeconds: 60 });
    expect(reduce(waiting, 11, said(11, "business"), 0).queue).not.toBeNull();
    expect(reduce(waiting, 11, said(11, "business", "a"), 0).queue).toBeNull();
  });
});

describe("the inbox's book", () => {
  const listed = (id: string, seq: number, more: Partial<Listed> = {}): Listed => ({
    id,
    type: "personal",
    displayName: null,
    metadata: null,
    seq,
    status: "open",
    activeSwitchboardIntegration: null,
    pendingSwitchboardIntegration: null,
    unread: 0,
    lastUpdatedAt: null,
    participants: [],
    ...more,
  });

  test("keeps what is newer, whichever of list and event comes first", () => {
    const book = new Book();
    book.list([listed("a", 3, { unread: 2 })], true);
    expect(book.hear("a", 3, said(3, "user"))).toBe(true);
    expect(book.hear("a", 4, said(4, "user"))).toBe(true);
    book.list([listed("a", 3, { unread: 2 })], true);
    expect(book.get("a")).toMatchObject({ seq: 4, unread: 3 });
    expect(book.hear("a", 6, said(6, "user"))).toBe(false);
  });

  test("is put right by a list that knows as much", () => {
    const book = new Book();
    book.hear("a", 6, said(6, "user"));
    book.list([listed("a", 6, { unread: 5, status: "solved" })], true);
    expect(book.get("a")).toMatchObject({ unread: 5, status: "solved", last: { content: { text: "6" } } });
  });

  test("is read by anybody of the business", () => {
    const book = new Book();
    book.hear("a", 1, event(1, "conversation:create"));
    book.hear("a", 2, said(2, "user"));
    book.hear("a", 3, event(3, "conversation:read", { activity: { type: "conversation:read", author: { type: "business" } } }));
    expect(book.get("a")?.unread).toBe(0);
  });

  test("knows a person who turned out to be another by their new id", () => {
    const book = new Book();
    book.list([listed("a", 1, { participants: [{ userId: "u" }] })], true);
    book.hear("a", 2, said(2, "user"));
    book.hear("a", 3, event(3, "causerie:participant:replace", { discarded: { id: "u" }, user: { id: "v", externalId: "x" } }));
    expect(book.get("a")).toMatchObject({ participants: [{ userId: "v", userExternalId: "x" }], customer: { userId: "v", name: "Ada" } });
  });

  test("has ten thousand conversations in order within a moment, and forgets the oldest past its limit", () => {
    const book = new Book();
    const many = Array.from({ length: MAX_KNOWN + 5 }, (_, count) => listed(`c${count}`, 1, { lastUpdatedAt: at(count) }));
    book.list(many, true);
    const begun = performance.now();
    for (let seq = 2; seq < 22; seq++) {
      book.hear("c9000", seq, said(MAX_KNOWN + seq, "user"));
      book.state();
    }
    expect(book.state().order[0]).toBe("c9000");
    expect(book.state().conversations.size).toBe(MAX_KNOWN);
    expect(book.get("c0")).toBeUndefined();
    expect((performance.now() - begun) / 20).toBeLessThan(50);
  });
});
