import { describe, expect, test } from "vitest";
import type { Message, StreamEvent } from "./frames.js";
import { emptyThread, prepend, quiet, reduce, shortened, type Thread, TYPING_MS, unread } from "./thread.js";

const ID = "c".repeat(24);
const at = (seq: number): string => `2026-01-01T00:00:${String(seq).padStart(2, "0")}.000Z`;

function said(seq: number, type: "user" | "business" = "business", text = `t${seq}`): StreamEvent {
  const message: Message = { id: `m${seq}`, received: at(seq), author: { type, displayName: "Ada" }, content: { type: "text", text } };
  return { id: `e${seq}`, createdAt: at(seq), type: "conversation:message", payload: { message } };
}
const event = (seq: number, type: string, payload: StreamEvent["payload"] = {}): StreamEvent => ({ id: `e${seq}`, createdAt: at(seq), type, payload });
const after = (thread: Thread, ...events: [number | null, StreamEvent | null][]): Thread =>
  events.reduce((now, [seq, one]) => reduce(now, seq, one, 0), thread);
const texts = (thread: Thread): unknown[] => thread.messages.map((one) => (one.content as { text?: string }).text);

describe("a thread", () => {
  test("takes events in order, each once", () => {
    const thread = after(emptyThread(ID), [1, event(1, "conversation:create")], [2, said(2)], [2, said(2)], [3, said(3)], [1, said(1)]);
    expect(texts(thread)).toEqual(["t2", "t3"]);
    expect([thread.first, thread.last]).toEqual([1, 3]);
  });

  test("counts events that the visitor may not see", () => {
    expect(after(emptyThread(ID), [1, null], [2, null]).last).toBe(2);
  });

  test("gets older pages before what it has, and nothing twice", () => {
    const late = after(emptyThread(ID, 3), [4, said(4)]);
    const page = { type: "page" as const, id: "h", conversation: ID, events: [2, 3, 4].map((seq) => ({ seq, event: said(seq) })), more: true };
    const thread = prepend(late, page);
    expect(texts(thread)).toEqual(["t2", "t3", "t4"]);
    expect([thread.first, thread.last, thread.more]).toEqual([2, 4, true]);
  });

  test("knows what is unread, and that whoever writes has read", () => {
    const thread = after(emptyThread(ID), [1, said(1)], [2, said(2)]);
    expect(unread(thread)).toBe(2);
    expect(unread(after(thread, [3, said(3, "user")], [4, said(4)]))).toBe(1);
    const read = event(5, "conversation:read", { activity: { type: "conversation:read", author: { type: "user" } } });
    expect(unread(after(thread, [3, read]))).toBe(0);
  });

  test("knows up to when the business has read", () => {
    const read = event(2, "conversation:read", { activity: { type: "conversation:read", author: { type: "business" } } });
    expect(after(emptyThread(ID), [1, said(1, "user")], [2, read]).businessRead).toBe(at(2));
  });

  test("is cut to its newest messages, and pages back to what was cut", () => {
    const whole = after(emptyThread(ID), ...[1, 2, 3, 4, 5].map((seq): [number, StreamEvent] => [seq, said(seq)]));
    const cut = shortened(whole, 2);
    expect([texts(cut), cut.first, cut.last, cut.more]).toEqual([["t4", "t5"], 4, 5, true]);
    const page = { type: "page" as const, id: "h", conversation: ID, events: [1, 2, 3].map((seq) => ({ seq, event: said(seq) })), more: false };
    expect(prepend(cut, page)).toEqual(whole);
    expect(shortened(whole, 5)).toBe(whole);
  });

  test("knows what has arrived on the other side, with all before it", () => {
    const arrived = event(4, "causerie:message:delivery:business", { message: { id: "m2" } });
    const thread = after(emptyThread(ID), [1, said(1, "user")], [2, said(2, "user")], [3, said(3, "user")], [4, arrived]);
    expect([...thread.delivered]).toEqual(["m1", "m2"]);
  });

  test("shows that a message was deleted, and forgets all when all were", () => {
    const thread = after(emptyThread(ID), [1, said(1)], [2, said(2)], [3, event(3, "causerie:message:delete", { message: { id: "m1" } })]);
    expect(thread.messages.map((one) => one.deleted)).toEqual([true, undefined]);
    expect(after(thread, [4, event(4, "causerie:messages:delete")]).messages).toEqual([]);
  });

  test("knows how many wait before the customer, until an agent speaks", () => {
    const waiting = after(emptyThread(ID), [null, event(0, "causerie:queue:position", { position: 3, waitSeconds: 120 })]);
    expect(waiting.queue).toEqual({ position: 3, waitSeconds: 120 });
    expect(after(waiting, [1, said(1)]).queue).toBeNull();
    expect(after(waiting, [null, event(0, "causerie:queue:position", { position: 0 })]).queue).toBeNull();
  });

  test("is over when somebody says so, until something is said again", () => {
    const over = after(emptyThread(ID), [1, said(1)], [2, event(2, "causerie:session:end", { by: "agent" })]);
    expect(over.ended).toBe("agent");
    expect(after(over, [3, said(3, "user")]).ended).toBeNull();
  });

  test("forgets who types when they stop, when they write, and after a while", () => {
    const types = (type: string): StreamEvent => event(0, "conversation:typing", { activity: { type, author: { type: "business", displayName: "Ada" } } });
    const typing = after(emptyThread(ID), [null, types("typing:start")]);
    expect(typing.typists.map((one) => one.name)).toEqual(["Ada"]);
    expect(after(typing, [null, types("typing:stop")]).typists).toEqual([]);
    expect(after(typing, [1, said(1)]).typists).toEqual([]);
    expect(quiet(typing, TYPING_MS + 1).typists).toEqual([]);
  });
});
