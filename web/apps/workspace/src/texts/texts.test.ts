import { describe, expect, it } from "vitest";
import { catalogues, LANGUAGES, languageOf } from "./index.js";

/** All names, those inside of others too. */
function names(of: object, before = ""): string[] {
  return Object.entries(of).flatMap(([name, value]) => (typeof value === "object" && value !== null ? names(value, `${before}${name}.`) : [before + name])).sort();
}

describe("the catalogues", () => {
  it("have the same texts in every language", () => {
    for (const language of LANGUAGES) expect(names(catalogues[language])).toEqual(names(catalogues.en));
  });

  it("say something everywhere", () => {
    for (const language of LANGUAGES) {
      for (const [name, value] of Object.entries(catalogues[language])) if (typeof value === "string") expect(value.trim(), `${language}: ${name}`).not.toBe("");
    }
  });
});

it("speaks the first language of the browser that there is", () => {
  expect(languageOf(["fr-CA", "en"])).toBe("fr");
  expect(languageOf(["de", "EN-gb"])).toBe("en");
  expect(languageOf([])).toBe("en");
});
