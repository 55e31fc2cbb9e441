import { type Draft, emptyThread, type Placed, type State } from "@causerie/client";
import { describe, expect, test } from "vitest";
import { inWords, question, shown } from "./model.js";
import { en } from "./texts/en.js";

const ID = "c".repeat(24);
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const said = (id: string, type: "user" | "business", minute: number, displayName = "Ada"): Placed => ({
  id,
  seq: minute,
  received: at(minute),
  author: { type, displayName },
  content: { type: "text", text: id },
});
const draft = (id: string, more: Partial<Draft> = {}): Draft => ({
  kind: "message",
  id,
  conversation: ID,
  at: at(30),
  state: "waiting",
  content: { type: "text", text: id },
  ...more,
});
const state = (messages: Placed[], more: Partial<State> = {}): State => ({
  status: "online",
  user: null,
  main: ID,
  threads: { [ID]: { ...emptyThread(ID), messages, businessRead: at(3) } },
  listed: [],
  entries: [],
  landing: [],
  loading: new Set(),
  ...more,
});

describe("what is shown", () => {
  test("is what was said, and then what is on its way", () => {
    const all = shown(state([said("m1", "business", 1)], { landing: [draft("d1", { message: "m2" })], entries: [draft("d2")] }), ID);
    expect(all.map((one) => [one.key, one.state])).toEqual([["m1", "sent"], ["d1", "sent"], ["d2", "waiting"]]);
  });

  test("keeps its place when the server has named it", () => {
    shown(state([], { landing: [draft("d9", { message: "m9" })] }), ID);
    const [one] = shown(state([said("m9", "user", 1)]), ID);
    expect(one).toMatchObject({ key: "d9", id: "m9" });
  });

  test("is marked read up to when the business has read", () => {
    expect(shown(state([said("m1", "user", 2), said("m2", "user", 4)]), ID).map((one) => one.state)).toEqual(["read", "sent"]);
  });

  test("stands in rows by author and time, and under its day", () => {
    const all = shown(state([said("a", "business", 1), said("b", "business", 2), said("c", "business", 20), said("d", "business", 21, "Ben")]), ID);
    expect(all.map((one) => [one.first, one.last, one.newDay])).toEqual([
      [true, false, true],
      [false, true, false],
      [true, true, false],
      [true, true, false],
    ]);
  });

  test("asks something only while the business has the last word", () => {
    expect(question(shown(state([said("a", "user", 1), said("b", "business", 2)]), ID))?.id).toBe("b");
    expect(question(shown(state([said("b", "business", 2)], { entries: [draft("d")] }), ID))).toBeNull();
  });
});

test("a message in a few words", () => {
  expect(inWords({ type: "image", mediaUrl: "https://x/y.png" }, en)).toBe("Image");
  expect(inWords({ type: "carousel", items: [{ title: "A", actions: [] }, { title: "B", actions: [] }] }, en)).toBe("A, B");
});
