import { expect, test } from "vitest";
import { en } from "./en.js";
import { fr } from "./fr.js";
import { languageOf } from "./index.js";

test("French has every text, and none of the English ones by mistake", () => {
  expect(Object.keys(fr).sort()).toEqual(Object.keys(en).sort());
  const same = (Object.keys(en) as (keyof typeof en)[]).filter((name) => typeof en[name] === "string" && en[name] === fr[name]);
  expect(same).toEqual(["conversation", "conversations", "email", "image", "message", "sources"]);
});

test("texts that take a number mind one and many", () => {
  expect([en.unread(1), en.unread(2), fr.unread?.(0), fr.unread?.(2)]).toEqual([
    "1 unread message",
    "2 unread messages",
    "0 message non lu",
    "2 messages non lus",
  ]);
});

test("the first language that is spoken is taken, and what it lacks is English", () => {
  expect(languageOf("de-DE", "fr-CA", "en").locale).toBe("fr-CA");
  expect(languageOf("fr_FR").texts.send).toBe("Envoyer");
  expect(languageOf(undefined, "tlh").texts.send).toBe("Send");
  expect(languageOf("not a tag").locale).toBe("en");
});

test("languages that run from right to left do", () => {
  expect([languageOf("ar-EG").direction, languageOf("he").direction, languageOf("fr").direction]).toEqual(["rtl", "rtl", "ltr"]);
});
