import { expect, test } from "vitest";
import { configOf, customized, DEFAULTS } from "./config.js";

test("settings are taken as they are told, and defaults stand in for the rest", () => {
  const told = { settings: { brandColor: "112233", businessName: "Oak", canUserSeeConversationList: false, unknown: 1 } };
  expect(configOf(told)).toEqual({ ...DEFAULTS, brandColor: "112233", businessName: "Oak", canUserSeeConversationList: false });
});

test("what is of the wrong type is as it would be by default", () => {
  expect(configOf({ settings: { brandColor: 7, businessName: {}, attachmentsEnabled: "no" } })).toEqual(DEFAULTS);
  expect([configOf(null), configOf("x"), configOf([])]).toEqual([DEFAULTS, DEFAULTS, DEFAULTS]);
});

test("the page's wishes come first", () => {
  expect(customized(DEFAULTS, { brandColor: "#000", greeting: "Hi" }).brandColor).toBe("#000");
  expect(customized(DEFAULTS, undefined)).toBe(DEFAULTS);
});
