import { expect, it } from "vitest";
import { lineName, parseList, titleOf } from "./catalogue.js";
import { entriesOf } from "./Nav.js";
import { flat, previewOf } from "./preview.js";
import { askedOf } from "./sources.js";
import { ago, length } from "./times.js";

const NOW = Date.parse("2026-01-15T15:00:00");

it("reads lists from the address, and takes what it does not know for one's own", () => {
  expect([parseList("line:4"), parseList("line:0.12"), parseList("view:3")]).toEqual([
    { kind: "line", queue: 4, group: null },
    { kind: "line", queue: 0, group: 12 },
    { kind: "view", view: 3 },
  ]);
  expect([parseList("view:x").kind, parseList("").kind, parseList("all").kind]).toEqual(["mine", "mine", "all"]);
  expect([lineName({ queue: 4, group: null }), lineName({ queue: 0, group: 12 })]).toEqual(["line:4", "line:0.12"]);
});

it("calls lines by their queue, and those of the standard queue by their group", () => {
  const [queues, groups] = [new Map([[4, "Returns"]]), new Map([[12, "Support"]])];
  const named = (queue: number, group: number | null) => titleOf({ queue, group }, queues, groups, "Standard");
  expect([named(4, null), named(0, 12), named(0, null), named(9, null)]).toEqual(["Returns", "Support", "Standard", "#9"]);
});

it("shows lines where there are several", () => {
  const words = { mine: "M", waiting: "W", all: "A" };
  const line = (name: string) => ({ name, title: name, count: 1 });
  const names = (lines: string[]) => entriesOf({ mine: 0, waiting: 0, unread: 0, lines: lines.map(line), views: [line("view:1")] }, words).map((one) => one.name);
  expect(names(["line:1"])).toEqual(["mine", "waiting", "all", "view:1"]);
  expect(names(["line:1", "line:2"])).toEqual(["mine", "waiting", "all", "line:1", "line:2", "view:1"]);
});

it("asks nothing for an empty search, nor for one's own before one's number is known", () => {
  expect(askedOf({ kind: "search" }, " ", 1)).toBeNull();
  expect(askedOf({ kind: "mine" }, "", null)).toBeNull();
  expect(askedOf({ kind: "search" }, " lamp ", 1)?.key).toEqual(["rows", "search", "lamp"]);
});

it("tells a message in one line", () => {
  const last = (content: object) => previewOf({ content, author: { type: "user" }, at: "", internal: false } as never);
  expect(last({ type: "text", text: "one\n\n two" })).toEqual({ kind: "words", words: "one two" });
  expect(last({ type: "image", mediaUrl: "x", text: "" })).toEqual({ kind: "image" });
  expect(last({ type: "carousel", items: [{ title: "A chair" }] })).toEqual({ kind: "words", words: "A chair" });
  expect(last({ type: "unheard of" })).toEqual({ kind: "other" });
  expect(flat("x".repeat(500))).toHaveLength(160);
});

it("tells how long ago something was, in what there is room for", () => {
  const told = (ms: number, language = "en") => ago(NOW - ms, NOW, language, "now");
  expect([told(5_000), told(-5_000), told(4 * 60_000), told(3 * 3_600_000)]).toEqual(["now", "now", "4m", "3h"]);
  expect(told(2 * 86_400_000)).toBe("Tue");
  expect(told(20 * 86_400_000)).toMatch(/^Dec 26(, 2025)?$/);
  expect(length(50 * 3_600_000, "en")).toBe("2d");
});
