import { expect, it } from "vitest";
import { best, inOrder, numberIn, score } from "./commands.js";

const words = (...those: string[]) => those.map((one) => ({ words: one }));
const found = (those: string[], asked: string) => best(words(...those), asked, 10).map((one) => one.words);

it("finds by the beginnings of words first, and in spite of accents and case", () => {
  expect(found(["Be offline", "Online", "Résoudre"], "on")).toEqual(["Online", "Be offline"].filter((one) => score(one, "on") > 0));
  expect(found(["Résoudre la conversation"], "resou CONV")).toEqual(["Résoudre la conversation"]);
  expect(found(["Assigned to me", "Appearance"], "me")).toEqual(["Assigned to me"]);
});

it("finds by letters in their order, last of all", () => {
  expect(found(["Transfers only", "Take the conversation"], "tco")).toEqual(["Take the conversation"]);
  expect(found(["abc"], "cb")).toEqual([]);
});

it("shows everything for no words, and no more than there is room for", () => {
  expect(best(words("a", "b", "c"), " ", 2).map((one) => one.words)).toEqual(["a", "b"]);
});

it("knows a ticket's number", () => {
  expect([numberIn("#42"), numberIn(" 7 "), numberIn("4x"), numberIn("#0")]).toEqual([42, 7, null, null]);
});

it("shows first the kind of which it found the best", () => {
  expect(inOrder([words("Take it"), words("Kenji")], "ke").map((one) => one.words)).toEqual(["Kenji", "Take it"]);
  expect(inOrder([words("a"), words("b")], "").map((one) => one.words)).toEqual(["a", "b"]);
});
