import { emptyThread, reduce, type AgentEvent, type EventPayload, type Outgoing, type Thread } from "@causerie/agent";
import { describe, expect, test } from "vitest";
import { catalogues } from "../texts/index.js";
import { rowsOf, type Row } from "./rows.js";

const ME = "a".repeat(24);
const START = Date.UTC(2026, 0, 5, 12);

/** A conversation of these events, a minute apart, or as `at` says. */
function made(...events: { type?: string; payload: EventPayload; at?: number }[]): Thread {
  return events.reduce((thread, { type = "conversation:message", payload, at }, place) => {
    const event: AgentEvent = { id: `e${place}`, createdAt: time(at ?? place), type, payload };
    return reduce(thread, place + 1, event, 0);
  }, emptyThread("c"));
}

const time = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

function said(id: string, by: "user" | "me" | "other" | "bot", minute: number, text = id): { payload: EventPayload; at: number } {
  const author = {
    user: { type: "user" as const, userId: "u", displayName: "Ada" },
    me: { type: "business" as const, agentId: ME, displayName: "Ben" },
    other: { type: "business" as const, agentId: "other", displayName: "Cy" },
    bot: { type: "business" as const, subtypes: ["bot"], displayName: "Bot" },
  }[by];
  return { payload: { message: { id, received: time(minute), author, content: { type: "text", text } } }, at: minute };
}

const names = { agent: (id: string | undefined) => `agent ${id}`, group: (number: number | undefined) => `group ${number}` };

/** Rows in words. */
function words(rows: readonly Row[]): string[] {
  return rows.map((row) => {
    if (row.kind === "day") return "day";
    if (row.kind === "happened") return row.those.map((one) => one.words(catalogues.en, names)).join(" | ");
    const { speaker, first, last, state, internal, content } = row.said;
    return [internal ? "note" : speaker, (content as { text: string }).text, first && "first", last && "last", state].filter(Boolean).join(" ");
  });
}

const shown = (thread: Thread, outgoing: readonly Outgoing[] = []): string[] => words(rowsOf(thread, outgoing, ME));

describe("the rows of a conversation", () => {
  test("are by day, and those that one said shortly after another belong together", () => {
    const thread = made(said("1", "user", 0), said("2", "user", 1), said("3", "user", 20), said("4", "other", 21), said("5", "me", 22), said("6", "user", 24 * 60));
    expect(shown(thread)).toEqual([
      "day",
      "customer 1 first sent",
      "customer 2 last sent",
      "customer 3 first last sent",
      "people 4 first last read",
      "people 5 first last read",
      "day",
      "customer 6 first last sent",
    ]);
  });

  test("know who speaks, and how far it has come", () => {
    const thread = made(said("1", "bot", 0), said("2", "user", 1), said("3", "me", 2));
    expect(shown(thread)).toEqual(["day", "bot 1 first last read", "customer 2 first last sent", "people 3 first last sent"]);
    const read = reduce(thread, 4, { id: "r", createdAt: time(3), type: "conversation:read", payload: { activity: { type: "conversation:read", author: { type: "user" } } } }, 0);
    expect(shown(read).at(-1)).toBe("people 3 first last read");
  });

  test("end with what is on its way, in one row with what was said before", () => {
    const outgoing: Outgoing = { id: "o", conversation: "c", at: time(1), content: { type: "text", text: "2" }, internal: false, state: "sending" };
    expect(shown(made(said("1", "me", 0)), [outgoing])).toEqual(["day", "people 1 first sent", "people 2 last sending"]);
    const note = { ...outgoing, internal: true, state: "failed" as const };
    expect(shown(made(said("1", "me", 0)), [note]).at(-1)).toBe("note 2 first last failed");
  });

  test("tell what happened, in one line what happened at once", () => {
    const people = { id: "s", name: "agentWorkspace", integrationType: "zd:agentWorkspace" };
    const ticket = (more: object): EventPayload => ({ ticket: { id: "t", ...more } });
    const thread = made(
      { type: "switchboard:passControl", payload: { conversation: { id: "c", activeSwitchboardIntegration: people }, reason: "takenOver" }, at: 0 },
      { type: "causerie:ticket:open", payload: ticket({}), at: 0 },
      { type: "causerie:ticket:change", payload: ticket({ number: 7, status: "open", assigneeId: "b", groupId: 3 }), at: 0 },
      { type: "causerie:ticket:change", payload: ticket({ number: 7, status: "open", assigneeId: "b", groupId: 3, revision: 9 }), at: 0 },
      { type: "causerie:ticket:change", payload: ticket({ number: 7, status: "solved", assigneeId: "b", groupId: 3 }), at: 9 },
      { type: "causerie:conversation:update", payload: {}, at: 10 },
      { type: "causerie:something:new", payload: {}, at: 11 },
      { type: "causerie:survey:answer", payload: { score: 4, of: 5 }, at: 12 },
      { type: "causerie:page:visit", payload: { page: { url: "https://shop.example/lamps", title: "Lamps" } }, at: 13 },
      { type: "causerie:page:visit", payload: { page: { url: "https://shop.example/basket" } }, at: 13 },
    );
    expect(shown(thread)).toEqual([
      "day",
      "Passed to the agents · an agent took over | A ticket was opened | #7 · assigned to agent b",
      "status Solved",
      "Rated 4 of 5",
      "Looks at Lamps | Looks at /basket",
    ]);
  });

  test("show what a message answers", () => {
    const answer = said("2", "user", 1);
    Object.assign(answer.payload.message ?? {}, { quotedMessage: { type: "message", message: { id: "1" } } });
    const rows = rowsOf(made(said("1", "me", 0, "Which size?"), answer), [], ME);
    expect(rows.map((row) => (row.kind === "said" ? row.said.quoted : ""))).toEqual(["", null, "Which size?"]);
  });

  test("keep a message's place when it was deleted, and lose all of them together", () => {
    const one = { type: "causerie:message:delete", payload: { message: { id: "1" } } as EventPayload, at: 2 };
    expect(rowsOf(made(said("1", "user", 0), said("2", "user", 1), one), [], ME).map((row) => row.kind === "said" && row.said.deleted)).toEqual([false, true, false]);
    const all = { type: "causerie:messages:delete", payload: {}, at: 2 };
    expect(shown(made(said("1", "user", 0), said("2", "user", 1), all))).toEqual(["day", "The messages were deleted"]);
  });
});
