import { MemoryShelf } from "@causerie/client";
import { describe, expect, test } from "vitest";
import type { Ticket } from "../../rest/index.js";
import { Drafts, MAX_DRAFTS, NO_DRAFT, type Draft } from "./drafts.js";
import { changeOf } from "./macros.js";
import { continued, isMarked, linked, listed, wrapped, type Edit } from "./markdown.js";
import { messagesOf } from "./outgoing.js";
import { triggerOf } from "./suggestions.js";

/** A text in which `|` is the caret, or two of them what is selected. */
function at(marked: string): Edit {
  const [before = "", selected = "", after] = marked.split("|");
  return after === undefined ? { text: before + selected, start: before.length, end: before.length } : { text: before + selected + after, start: before.length, end: before.length + selected.length };
}

const shown = ({ text, start, end }: Edit): string => (start === end ? `${text.slice(0, start)}|${text.slice(start)}` : `${text.slice(0, start)}|${text.slice(start, end)}|${text.slice(end)}`);

describe("drafts", () => {
  test("outlive the page, each conversation's and each agent's by itself", () => {
    const shelf = new MemoryShelf();
    new Drafts(shelf, "ann").change("c1", { reply: "half a" });
    new Drafts(shelf, "ann").change("c1", { note: "aside", mode: "note" });
    const again = new Drafts(shelf, "ann");
    expect(again.of("c1").get()).toMatchObject({ reply: "half a", note: "aside", mode: "note" });
    expect([again.of("c2").get(), new Drafts(shelf, "bob").of("c1").get()]).toEqual([NO_DRAFT, NO_DRAFT]);
  });

  test("lose only what was sent", () => {
    const shelf = new MemoryShelf();
    const drafts = new Drafts(shelf, "ann");
    drafts.change("c1", { reply: "an answer", note: "a note" });
    drafts.sent("c1", "reply");
    expect(drafts.of("c1").get()).toMatchObject({ reply: "", note: "a note" });
    drafts.sent("c1", "note");
    expect(shelf.keys()).toEqual([]);
  });

  test("give up files that the server no longer has", () => {
    const shelf = new MemoryShelf();
    const file = { mediaUrl: "https://x.example/a.png", mediaType: "image/png", name: "a.png", size: 3 };
    new Drafts(shelf, "ann").change("c1", { reply: "see", files: [{ ...file, at: Date.now() }, { ...file, at: Date.now() - 86_400_000 }] });
    expect(new Drafts(shelf, "ann").of("c1").get()).toMatchObject({ reply: "see", files: [{ name: "a.png" }] });
    expect(new Drafts(shelf, "ann").of("c1").get().files.length).toBe(1);
  });

  test("have a limit: the oldest goes", () => {
    const shelf = new MemoryShelf();
    let now = 0;
    const drafts = new Drafts(shelf, "ann", () => ++now);
    for (let count = 0; count <= MAX_DRAFTS; count++) drafts.change(`c${count}`, { reply: "x" });
    expect([shelf.keys().length, new Drafts(shelf, "ann").of("c0").get(), new Drafts(shelf, "ann").of("c1").get().reply]).toEqual([MAX_DRAFTS, NO_DRAFT, "x"]);
  });

  test("pass over what somebody else has written on the shelf", () => {
    const shelf = new MemoryShelf();
    shelf.put("causerie:agent:ann:draft:c1", "{not json");
    expect(new Drafts(shelf, "ann").of("c1").get()).toEqual(NO_DRAFT);
  });
});

describe("marks", () => {
  test.each([
    ["a |word| b", "a **|word|** b"],
    ["a **|word|** b", "a |word| b"],
    ["a | word | b", "a  **|word|**  b"],
    ["a |b", "a **|**b"],
  ])("are put around what is selected, and taken away: %s", (before, after) => expect(shown(wrapped(at(before), "**"))).toBe(after));

  test.each([
    ["see |this|", "see [this](|https://|)"],
    ["|https://a.example|", "[|](https://a.example)"],
  ])("make a link of %s", (before, after) => expect(shown(linked(at(before)))).toBe(after));

  test("make a list of lines, and lines of a list", () => {
    expect(listed(at("|one\ntwo|"), false).text).toBe("- one\n- two");
    expect(listed(at("|- one\n- two|"), true).text).toBe("1. one\n2. two");
    expect(listed(at("|1. one\n2. two|"), true).text).toBe("one\ntwo");
  });

  test("Enter goes on with a list, and ends it after an empty item", () => {
    expect(shown(continued(at("- one|")) as Edit)).toBe("- one\n- |");
    expect(shown(continued(at("9. one|")) as Edit)).toBe("9. one\n10. |");
    expect(shown(continued(at("- one\n- |")) as Edit)).toBe("- one\n|");
    expect(continued(at("one|"))).toBeNull();
  });

  test("are told from what only looks like them", () => {
    expect(["**a**", "say _so_.", "[a](https://b.example)", "- a", "x\n1. a", "`a`"].filter((one) => !isMarked(one))).toEqual([]);
    expect(["2 * 3 * 4", "snake_case_name", "[a](javascript:x)", "a - b", "5.5", "¯\\_(ツ)_/¯ "].filter(isMarked)).toEqual([]);
  });
});

describe("what is sent", () => {
  const draft: Draft = { ...NO_DRAFT, reply: " **yes** ", note: "Ask @Ann Lee", files: [{ mediaUrl: "https://x.example/a.png", mediaType: "image/png", name: "a.png", size: 3, at: 0 }] };
  const agents = [{ account_id: "a1", name: "Ann Lee" }];
  const sent = (more: Partial<Parameters<typeof messagesOf>[0]>) => messagesOf({ draft, mode: "reply", isRich: true, agents, ...more });

  test("is the words, by what the channel can show, and then each file", () => {
    const image = { content: { type: "image", mediaUrl: "https://x.example/a.png", altText: "a.png" }, writing: {} };
    expect(sent({})).toEqual([{ content: { type: "text", markdownText: "**yes**" }, writing: {} }, image]);
    expect(sent({ isRich: false })[0]).toEqual({ content: { type: "text", text: "**yes**" }, writing: {} });
  });

  test("is internal all together, and says whom it mentions", () => {
    expect(sent({ mode: "note" })).toMatchObject([{ content: { text: "Ask @Ann Lee" }, writing: { internal: true, metadata: { mentions: "a1" } } }, { writing: { internal: true } }]);
  });
});

test("a slash opens macros and an at sign agents, where a word begins", () => {
  const found = (text: string, isNote = false) => triggerOf(text, text.length, isNote);
  expect(found("/")).toEqual({ sign: "/", at: 0, words: "" });
  expect(found("hello /thank you")).toEqual({ sign: "/", at: 6, words: "thank you" });
  expect(found("@An", true)).toEqual({ sign: "@", at: 0, words: "An" });
  expect([found("@An"), found("and/or"), found("https://x"), found("/ a"), found("5 / 6  x"), found("me@example", true)]).toEqual([null, null, null, null, null, null]);
});

test("a macro changes only what is different", () => {
  const ticket = { status: "open", priority: null, tags: ["a"], custom_fields: [{ id: 1, value: "x" }] } as unknown as Ticket;
  const made = { ...ticket, status: "pending", tags: ["a", "b"], custom_fields: [{ id: 1, value: "x" }, { id: 2, value: true }] } as Ticket;
  expect(changeOf(made, ticket)).toEqual({ status: "pending", tags: ["a", "b"], custom_fields: [{ id: 2, value: true }] });
  expect([changeOf(ticket, ticket), changeOf(made, null)]).toEqual([null, null]);
});
