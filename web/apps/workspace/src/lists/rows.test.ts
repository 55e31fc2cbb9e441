import type { Summary, Work } from "@causerie/agent";
import { describe, expect, it } from "vitest";
import type { Person } from "../rest/index.js";
import { byActivity, interleaved, isDone, isMyWork, merged, rowOfSummary, rowOfTicket, stepped, type Row, type TicketRow } from "./rows.js";

const ME = "a".repeat(24);
const ID = "1".repeat(24);

function summary(more: Partial<Summary> = {}): Summary {
  return {
    id: ID, type: "personal", displayName: null, metadata: null, seq: 3, status: "new", activeSwitchboardIntegration: null,
    pendingSwitchboardIntegration: null, unread: 0, lastUpdatedAt: "2026-01-02T10:00:00.000Z", participants: [{ userId: "u1" }],
    ticket: null, session: null, customer: null, channel: null, last: null, ...more,
  };
}

function ticket(more: Partial<TicketRow> = {}): TicketRow {
  return { id: 7, subject: "A lamp", status: "open", priority: null, requester_id: 40, assignee_id: null, conversation_id: ID, updated_at: "2026-01-02T09:00:00Z", ...more };
}

const PEOPLE = new Map([[40, { id: 40, messaging_id: "u1", name: "Inès Moreau", photo: null } as Person]]);
const row = (key: string, at: number, more: Partial<Row> = {}): Row => ({ ...rowOfSummary(summary({ id: key }), null), at, ...more });

describe("a row", () => {
  it("of a conversation knows whose it is, and its ticket's number once there is one", () => {
    const mine = rowOfSummary(summary({ ticket: { id: "t", number: 7, assigneeId: ME } }), ME);
    expect([mine.ticket, mine.status, mine.mine, mine.userId]).toEqual([7, "new", true, "u1"]);
    expect(rowOfSummary(summary({ ticket: { id: "t" } }), ME).ticket).toBeNull();
    expect(rowOfSummary(summary(), ME).status).toBeNull();
  });

  it("of a ticket takes from the stream what has happened since", () => {
    const found = rowOfTicket(ticket(), PEOPLE, summary({ unread: 2, ticket: { id: "t", number: 7, status: "pending", assigneeId: ME } }), ME, 3);
    expect([found.name, found.status, found.unread, found.mine, found.at]).toEqual(["Inès Moreau", "pending", 2, true, Date.parse("2026-01-02T10:00:00.000Z")]);
  });

  it("of a conversation's earlier ticket stays as it was, beside the later one", () => {
    const live = summary({ unread: 2, ticket: { id: "t2", number: 9, status: "open" } });
    const found = rowOfTicket(ticket({ status: "closed" }), PEOPLE, live, ME, null);
    expect([found.key, found.conversation, found.status, found.unread]).toEqual(["#7", ID, "closed", 0]);
  });

  it("of a ticket without a conversation goes by its number", () => {
    expect(rowOfTicket(ticket({ conversation_id: null, assignee_id: 3 }), PEOPLE, undefined, ME, 3)).toMatchObject({ key: "#7", conversation: null, mine: true });
  });
});

describe("lists", () => {
  it("show each conversation once, with what each source knows of it", () => {
    const live = rowOfSummary(summary(), ME);
    const [one, ...others] = merged([live], [rowOfTicket(ticket({ priority: "urgent" }), PEOPLE, undefined, ME, null)]);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ key: ID, subject: "A lamp", priority: "urgent", ticket: 7, name: "Inès Moreau", status: "open" });
  });

  it("stand by activity, and do not jump where that is the same", () => {
    expect(byActivity([row("a", 1), row("b", 3), row("c", 1)]).map((one) => one.key)).toEqual(["b", "c", "a"]);
  });

  it("of two sources stand as one, each in its order", () => {
    const keys = (one: Row[], other: Row[]) => interleaved(one, other).map((each) => each.key).join("");
    expect(keys([row("a", 9), row("c", 5)], [row("b", 7), row("d", 1)])).toBe("abcd");
    expect([keys([], [row("b", 7)]), keys([row("a", 9)], []), keys([row("a", 3)], [row("b", 3)])]).toEqual(["b", "a", "ab"]);
  });

  it("are walked from where one is, and not beyond their ends", () => {
    const rows = [row("a", 1), row("b", 2)];
    expect([stepped(rows, null, 1)?.key, stepped(rows, null, -1)?.key, stepped(rows, "a", 1)?.key, stepped(rows, "b", 1)?.key]).toEqual(["a", "b", "b", "b"]);
    expect(stepped([], null, 1)).toBeUndefined();
  });
});

it("knows what is done, and whose work is whose", () => {
  expect([isDone("solved"), isDone("closed"), isDone("pending"), isDone(null)]).toEqual([true, true, false, false]);
  const work: Work = { ticketId: "t", stage: "assigned", queue: 0, channel: "messaging", agentId: ME };
  expect([isMyWork(work, ME), isMyWork({ ...work, stage: "offered" }, ME), isMyWork(work, null)]).toEqual([true, false, false]);
});
