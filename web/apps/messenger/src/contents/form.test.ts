import type { Field } from "@causerie/client";
import { valueOf } from "@causerie/client/words";
import { describe, expect, test } from "vitest";
import { en } from "../texts/en.js";
import { answerOf, problem } from "./Form.js";

const order: Field = { type: "text", name: "order", label: "Order", minSize: 3 };
const email: Field = { type: "email", name: "email", label: "E-mail" };
const count: Field = { type: "text", name: "count", label: "Count", format: "integer" };
const why: Field = { type: "select", name: "why", label: "Why", options: [{ name: "late", label: "Late" }, { name: "broken", label: "Broken" }] };

describe("a form", () => {
  test.each([
    [order, "  ", en.fieldRequired],
    [order, "A7", en.fieldShort(3)],
    [order, "A77", null],
    [email, "a@b", en.fieldEmail],
    [email, "a@example.com", null],
    [count, "1.5", en.fieldInteger],
    [count, "-3", null],
    [why, "", en.fieldRequired],
    [why, "late", null],
  ])("judges %o by %s", (field, value, expected) => {
    expect(problem(field, value, en)).toBe(expected);
  });

  test("answers in the form of the API", () => {
    expect(answerOf(order, " A-77 ")).toEqual({ type: "text", name: "order", label: "Order", text: "A-77" });
    expect(answerOf(email, "a@example.com")).toEqual({ type: "email", name: "email", label: "E-mail", email: "a@example.com" });
    const chosen = answerOf(why, "broken");
    expect(chosen).toEqual({ type: "select", name: "why", label: "Why", select: [{ name: "broken", label: "Broken" }] });
    expect(valueOf(chosen)).toBe("Broken");
  });
});
