import { describe, expect, it } from "vitest";
import { pastOf } from "./HistoryTab.js";
import { choices, found, type Known } from "./targets.js";

const known: Known = {
  agents: [
    { user_id: 1, account_id: "me", name: "Me", role: "agent", group_ids: [1], default_group_id: 1 },
    { user_id: 2, account_id: "zoe", name: "Zoé", role: "agent", group_ids: [1], default_group_id: 1 },
    { user_id: 3, account_id: "bob", name: "Bob", role: "agent", group_ids: [1, 2], default_group_id: 1 },
  ],
  groups: [
    { id: 1, name: "Support", description: "", default: true },
    { id: 2, name: "Billing", description: "", default: false },
  ],
  queues: [{ id: 7, name: "Important", description: "VIPs", priority: 1 }],
  statuses: { zoe: { id: "zoe", status: "online", reason: "", sinceMs: 0, connected: true } },
  me: "me",
};

describe("to whom work may be handed over", () => {
  it("are those who are there first, and never oneself", () => {
    expect(choices(known).map((one) => one.id)).toEqual(["agent:zoe", "agent:bob", "group:1", "group:2", "queue:7"]);
    expect(choices(known)[1]).toMatchObject({ target: { agent: "bob" }, status: "offline", hint: "Support, Billing" });
  });

  it("are found without regard to accents, by any words of their names", () => {
    expect(found(choices(known), "ZOE").map((one) => one.id)).toEqual(["agent:zoe"]);
    expect(found(choices(known), " ")).toHaveLength(5);
    expect(found(choices(known), "nobody")).toEqual([]);
  });
});

it("a conversation with tickets is shown once in the past, as these", () => {
  const tickets = [{ id: 1, conversation_id: "a", updated_at: "2026-01-02" }];
  const talks = [
    { id: "a", created_at: "2026-01-01", last_at: "2026-01-05" },
    { id: "b", created_at: "2026-01-01", last_at: "2026-01-03" },
  ];
  expect(pastOf(tickets as never, talks as never).map((one) => (one.kind === "talk" ? one.talk.id : one.ticket.id))).toEqual(["b", 1]);
});
