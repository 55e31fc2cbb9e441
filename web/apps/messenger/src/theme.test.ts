import { expect, test } from "vitest";
import { DEFAULTS } from "./config.js";
import { contrast, properties, rgb } from "./theme.js";

const parts = (css: string | undefined): readonly [number, number, number] => (css ?? "").match(/\d+/g)?.map(Number) as unknown as [number, number, number];
const COLOURS = ["65758e", "0099ff", "fff", "000", "ffcc00", "1f4d3f", "ff00ff", "777777", "00ff00", "8a2be2"];

test.each(COLOURS)("on and in the colour %s everything can be read", (digits) => {
  for (const scheme of ["light", "dark"] as const) {
    const made = properties({ ...DEFAULTS, brandColor: digits, conversationColor: digits, actionColor: digits }, scheme);
    for (const ground of ["brand", "own", "action"]) {
      expect(contrast(parts(made[`--${ground}`]), parts(made[`--on-${ground}`]))).toBeGreaterThanOrEqual(4.5);
    }
    const surface = scheme === "light" ? ([243, 244, 247] as const) : ([38, 43, 56] as const);
    expect(contrast(parts(made["--action-ink"]), surface)).toBeGreaterThanOrEqual(4.5);
  }
});

test("colours are hexadecimal digits, three or six", () => {
  expect([rgb("0af"), rgb("#00AAFF"), rgb("blue"), rgb("12345"), rgb("url(x)")]).toEqual([[0, 170, 255], [0, 170, 255], null, null, null]);
});
