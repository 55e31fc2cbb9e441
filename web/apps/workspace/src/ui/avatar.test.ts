import { expect, it } from "vitest";
import { hueOf, initialsOf } from "./Avatar.js";

it("initials are of the first and the last word", () => {
  expect(["Inès Moreau", "liam o'connor", "Jean de la Tour", "Cher", "  ", "🙂 Emil", "李 雷"].map(initialsOf)).toEqual(["IM", "LO", "JT", "C", "", "E", "李雷"]);
});

it("a colour stays the same, and there are few", () => {
  expect(hueOf("Inès")).toBe(hueOf("Inès"));
  const all = new Set(Array.from({ length: 200 }, (_, at) => hueOf(`person ${at}`)));
  expect([...all].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
