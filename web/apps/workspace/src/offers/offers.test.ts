import type { Work } from "@causerie/agent";
import { expect, it } from "vitest";
import { left, offersTo } from "./offers.js";

const work = (ticketId: string, more: Partial<Work>): Work => ({ ticketId, stage: "offered", queue: 0, channel: "messaging", ...more });

it("offers are this agent's, the one that ends first before the others", () => {
  const all = {
    a: work("a", { offerId: "me", untilMs: 9 }),
    b: work("b", { offerId: "me", untilMs: 5, stage: "handing" }),
    c: work("c", { offerId: "other", untilMs: 1 }),
    d: work("d", { agentId: "me", stage: "assigned" }),
  };
  expect(offersTo(all, "me").map((one) => one.ticketId)).toEqual(["b", "a"]);
  expect(offersTo(all, null)).toEqual([]);
});

it("the time that is left never falls below nothing", () => {
  expect(left(30_000, 0, 15_000)).toEqual({ seconds: 15, part: 0.5 });
  expect(left(30_000, 0, 40_000)).toEqual({ seconds: 0, part: 0 });
  expect(left(undefined, 0, 0)).toBeNull();
});
