// @vitest-environment jsdom
import { expect, test } from "vitest";
import { color, inkOn, placeOf } from "./settings.js";

function script(attributes: Record<string, string>): HTMLScriptElement {
  const made = document.createElement("script");
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

test("the tag says where the widget comes from, and whose it is", () => {
  const src = "https://chat.example:8443/widget.js";
  expect(placeOf(script({ src, "data-key": "k", "data-position": "left", "data-locale": "fr" }))).toEqual({
    host: "https://chat.example:8443",
    key: "k",
    side: "left",
    locale: "fr",
  });
  expect(placeOf(script({ src: `${src}?key=q` }))).toMatchObject({ key: "q", side: "right" });
  expect(placeOf(script({ src }))).toBeNull();
});

test("a colour is digits, and what stands on it can be read", () => {
  expect([color("1f4d3f"), color("#abc"), color("red"), color("url(x)")]).toEqual(["#1f4d3f", "#abc", "#65758e", "#65758e"]);
  expect([inkOn("#1f4d3f"), inkOn("#ffcc00"), inkOn("#0099ff")]).toEqual(["#ffffff", "#000000", "#000000"]);
});
