import { describe, expect, it } from "vitest";
import type { PolicyMetric, Ticket } from "../rest/index.js";
import { catalogues } from "../texts/index.js";
import { changed, clashes, tagOf } from "./changes.js";
import { levelName, sorted, standing, tone } from "./levels.js";
import { fieldName, known, told, valueName, worthTelling } from "./names.js";
import { span } from "./times.js";

const ticket = { id: 1, status: "open", priority: null, tags: ["a"], custom_fields: [{ id: 9, value: "x" }] } as unknown as Ticket;

describe("a change", () => {
  it("is shown before it is saved, its own fields among the others", () => {
    const after = changed(ticket, { status: "solved", custom_fields: [{ id: 9, value: "y" }, { id: 10, value: true }] });
    expect([after.status, after.custom_fields]).toEqual(["solved", [{ id: 9, value: "y" }, { id: 10, value: true }]]);
    expect(ticket.custom_fields).toEqual([{ id: 9, value: "x" }]);
  });

  it("clashes only where somebody else has changed the same to something else", () => {
    const now = { ...ticket, status: "pending", priority: "high", custom_fields: [{ id: 9, value: "z" }] } as Ticket;
    expect(clashes(ticket, now, { tags: ["b"] })).toEqual([]);
    expect(clashes(ticket, now, { status: "pending" })).toEqual([]);
    expect(clashes(ticket, now, { status: "solved", custom_fields: [{ id: 9, value: "y" }] })).toEqual([
      { field: "status", theirs: "pending" },
      { field: 9, theirs: "z" },
    ]);
  });

  it("of tags keeps them as the server does", () => {
    expect([tagOf("  Very Late, "), tagOf("   ")]).toEqual(["very_late_", ""]);
  });
});

describe("service levels", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const level = (stage: PolicyMetric["stage"], breach_at: string | null): PolicyMetric => ({ metric: "first_reply_time", stage, breach_at, target_minutes: 60 });

  it("run, are late, wait or are over", () => {
    expect(standing(level("active", "2026-11-23T12:10:00Z"), now)).toEqual({ kind: "running", leftMs: 600_000 });
    expect(standing(level("active", "2026-11-23T11:50:00Z"), now)).toEqual({ kind: "late", byMs: 600_000 });
    expect(standing(level("paused", null), now)).toEqual({ kind: "paused" });
    expect(standing(level("achieved", null), now)).toEqual({ kind: "kept" });
    expect(standing(level("achieved", "2026-11-23T11:50:00Z"), now)).toEqual({ kind: "missed" });
  });

  it("warn when a quarter of the time is left, and the most urgent comes first", () => {
    const soon = level("active", "2026-11-23T12:10:00Z");
    const far = level("active", "2026-11-23T12:50:00Z");
    const late = level("active", "2026-11-23T11:50:00Z");
    expect([soon, far, late].map((one) => tone(standing(one, now), one))).toEqual(["warn", "neutral", "bad"]);
    expect(sorted([far, level("paused", null), soon, late], now)).toEqual([late, soon, far, level("paused", null)]);
    expect(levelName(catalogues.en, "unheard_of")).toBe("unheard_of");
  });

  it("are told in two parts at most", () => {
    expect([span("en", 30_000), span("en", 125 * 60_000), span("en", 26 * 3_600_000), span("en", 48 * 3_600_000)]).toEqual(["1m", "2h 5m", "1d 2h", "2d"]);
  });
});

describe("what was changed", () => {
  const fields = [{ id: 9, title: "Colour", custom_field_options: [{ id: 1, name: "Dark red", value: "dark_red" }] }];
  const names = known([{ id: 4, name: "Ana" } as never], [{ id: 2, name: "Support" } as never], fields as never);

  it("is told with the names of people, groups and options", () => {
    const texts = catalogues.en;
    expect(told(texts, names, { id: 1, type: "Change", field_name: "status", value: "solved", previous_value: "open" })).toBe("Status: Open → Solved");
    expect(told(texts, names, { id: 1, type: "Change", field_name: "assignee_id", value: "4", previous_value: null })).toBe("Assignee: Ana");
    expect(told(texts, names, { id: 1, type: "Change", field_name: "9", value: "dark_red" })).toBe("Colour: Dark red");
    expect(told(texts, names, { id: 1, type: "Comment", public: false })).toBe("Wrote a note");
    const parts = [{ id: 1, type: "ChatEvent" }, { id: 2, type: "Create", field_name: "session_state" }, { id: 3, type: "Create", field_name: "status" }] as const;
    expect(worthTelling(parts).map((one) => one.id)).toEqual([3]);
    expect([fieldName(catalogues.fr, names, "group_id"), valueName(texts, names, "group_id", "2"), valueName(texts, names, 9, null)]).toEqual(["Groupe", "Support", "–"]);
  });
});
