import { beforeEach, describe, expect, test, vi } from "vitest";
import type { MessageFrame, PostbackFrame } from "./frames.js";
import { type Draft, Outbox } from "./outbox.js";
import { MemoryShelf } from "./shelf.js";
import { Full, MAX_WAITING } from "./waiting.js";

const CONVERSATION = "c".repeat(24);

function draft(id: string, conversation: string | null = CONVERSATION): Draft {
  return { kind: "message", id, conversation, at: "2026-01-01T00:00:00.000Z", state: "waiting", content: { type: "text", text: id } };
}

const ack = (id: string, seq = 1) => ({ type: "ack" as const, id, conversation: CONVERSATION, seq, message: `m-${id}` });

describe("an outbox", () => {
  let shelf: MemoryShelf;
  let sent: (MessageFrame | PostbackFrame)[];
  let outbox: Outbox;

  beforeEach(() => {
    shelf = new MemoryShelf();
    sent = [];
    outbox = made("own");
  });

  const made = (key: string): Outbox => new Outbox(shelf, key, (frame) => sent.push(frame) > 0);
  const ids = (): string[] => sent.map((frame) => frame.id);

  test("keeps what is said while there is no socket, and sends it in order when there is one", () => {
    for (const id of ["1", "2", "3"]) outbox.add(draft(id));
    expect(ids()).toEqual([]);
    outbox.connected(true);
    for (const id of ["1", "2", "3"]) outbox.acked(ack(id));
    expect(ids()).toEqual(["1", "2", "3"]);
    expect(outbox.entries.get()).toEqual([]);
    expect(shelf.keys()).toEqual([]);
  });

  test("has one under way at a time", () => {
    outbox.connected(true);
    outbox.add(draft("1"));
    outbox.add(draft("2"));
    expect(ids()).toEqual(["1"]);
  });

  test("sends again, by the same id, what was not acknowledged when the socket broke", () => {
    outbox.connected(true);
    outbox.add(draft("1"));
    outbox.add(draft("2"));
    outbox.connected(false);
    outbox.connected(true);
    outbox.acked(ack("1"));
    expect(ids()).toEqual(["1", "1", "2"]);
  });

  test("outlives a reload: another one on the same shelf goes on", () => {
    outbox.connected(true);
    outbox.add(draft("1"));
    outbox.add(draft("2"));
    const next = made("own");
    next.connected(true);
    next.acked(ack("1"));
    expect(ids()).toEqual(["1", "1", "2"]);
  });

  test("takes over what another tab has left, before its own", () => {
    made("gone").add(draft("1"));
    outbox.add(draft("2"));
    outbox.adopt("gone");
    outbox.connected(true);
    outbox.acked(ack("1"));
    expect(ids()).toEqual(["1", "2"]);
    expect(shelf.keys()).toEqual(["own"]);
  });

  test("waits as long as it is told, and then sends the same one first", () => {
    vi.useFakeTimers();
    outbox.connected(true);
    outbox.add(draft("1"));
    outbox.add(draft("2"));
    outbox.refused({ type: "refused", id: "1", code: "rate_limited", title: "", retry_after: 2 });
    vi.advanceTimersByTime(1_999);
    expect(ids()).toEqual(["1"]);
    vi.advanceTimersByTime(1);
    expect(ids()).toEqual(["1", "1"]);
    vi.useRealTimers();
  });

  test("puts a final refusal aside and goes on; tried again, it is another message", () => {
    outbox.connected(true);
    outbox.add(draft("1"));
    outbox.add(draft("2"));
    outbox.refused({ type: "refused", id: "1", code: "locked", title: "" });
    expect(outbox.entries.get()[0]).toMatchObject({ id: "1", state: "failed", code: "locked" });
    outbox.acked(ack("2"));
    outbox.retry("1", "3");
    expect(ids()).toEqual(["1", "2", "3"]);
    outbox.refused({ type: "refused", id: "3", code: "locked", title: "" });
    outbox.forget("3");
    expect(outbox.entries.get()).toEqual([]);
  });

  test("learns from the first ack which conversation the others belong to", () => {
    outbox.connected(true);
    outbox.add(draft("1", null));
    outbox.add(draft("2", null));
    outbox.acked(ack("1"));
    expect(sent[1]).toMatchObject({ id: "2", conversation: CONVERSATION });
  });

  test("has a limit", () => {
    for (let at = 0; at < MAX_WAITING; at++) outbox.add(draft(String(at)));
    expect(() => outbox.add(draft("more"))).toThrow(Full);
  });

  test("passes over a shelf that somebody else has written on", () => {
    shelf.put("odd", "{not json");
    expect(made("odd").entries.get()).toEqual([]);
  });
});
