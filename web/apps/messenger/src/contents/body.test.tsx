// @vitest-environment jsdom
import type { Content } from "@causerie/client";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MessengerContext } from "../hooks.js";
import { Messenger } from "../messenger.js";
import type { Shown } from "../model.js";
import { Page } from "../page.js";
import { Body } from "./Body.js";

function message(content: Content, more: Partial<Shown> = {}): Shown {
  const author = { type: "business" as const, displayName: "Ada" };
  const state = { own: false, deleted: false, references: [], byAI: false, state: "sent" as const, first: true, last: true, newDay: false };
  return { key: "k", id: "m", author, at: "2026-01-01T00:00:00.000Z", content, ...state, ...more };
}

describe("a message", () => {
  let box: HTMLElement;
  let messenger: Messenger;

  beforeEach(() => {
    messenger = new Messenger("http://test", "a".repeat(24), new Page());
    box = document.body.appendChild(document.createElement("div"));
  });
  afterEach(() => {
    render(null, box);
    box.remove();
    messenger.client.close();
  });

  async function shows(content: Content, more: Partial<Shown> = {}): Promise<HTMLElement> {
    await act(() =>
      render(
        <MessengerContext.Provider value={messenger}>
          <Body message={message(content, more)} response={undefined} />
        </MessengerContext.Provider>,
        box,
      ),
    );
    return box;
  }

  test("of plain words keeps markup as text, and makes links of addresses", async () => {
    const shown = await shows({ type: "text", text: "<b>see</b> https://example.com/a" });
    expect(shown.textContent).toBe("<b>see</b> https://example.com/a");
    expect(shown.querySelector("b")).toBeNull();
    expect(shown.querySelector("a")).toMatchObject({ href: "https://example.com/a", rel: "noopener noreferrer nofollow" });
  });

  test("of rich words is cleaned", async () => {
    const shown = await shows({ type: "text", text: "x", htmlText: "<p>a <em>b</em><script>1</script></p>" });
    expect(shown.querySelector(".rich")?.innerHTML).toBe("<p>a <em>b</em></p>");
  });

  test("that was deleted says so, and nothing else", async () => {
    expect((await shows({ type: "text", text: "secret" }, { deleted: true })).textContent).toBe("This message was deleted");
  });

  test("with a link that would act has no such button", async () => {
    const actions = [{ type: "link" as const, text: "Run", uri: "javascript:alert(1)" }, { type: "link" as const, text: "Go", uri: "https://example.com" }];
    expect([...(await shows({ type: "text", text: "x", actions })).querySelectorAll("a")].map((one) => one.textContent)).toEqual(["Go"]);
  });

  test("with cards counts their buttons through, as the server does", async () => {
    const pressed: number[] = [];
    messenger.client.press = (_, __, place) => void pressed.push(place);
    messenger.go({ name: "conversation", id: "c" });
    const card = (text: string) => ({ title: text, actions: [{ type: "postback" as const, text, payload: text }] });
    const shown = await shows({ type: "carousel", items: [card("one"), card("two")] });
    await act(() => shown.querySelectorAll<HTMLElement>(".action")[1]?.click());
    expect(pressed).toEqual([1]);
  });

  test("with a price says it in the visitor's way", async () => {
    const actions = [{ type: "buy" as const, text: "Buy", amount: 1250, currency: "eur" }];
    const button = (await shows({ type: "text", text: "x", actions })).querySelector("button");
    expect([button?.disabled, button?.textContent]).toEqual([true, "Buy€12.50"]);
  });

  test("with sources names them", async () => {
    const references = [{ uri: "https://example.com/s", title: "A source" }, { uri: "javascript:x", title: "No link" }];
    const shown = await shows({ type: "text", text: "x" }, { references });
    expect([...shown.querySelectorAll(".sources li")].map((one) => [one.textContent, one.querySelector("a") !== null])).toEqual([
      ["A source", true],
      ["No link", false],
    ]);
  });

  test("of a form that is sent empty says what is missing", async () => {
    const shown = await shows({ type: "form", fields: [{ type: "email", name: "e", label: "E-mail" }] });
    await act(() => shown.querySelector("form")?.requestSubmit());
    expect(shown.querySelector(".field-error")?.textContent).toBe("Please fill this in");
    expect(document.activeElement).toBe(shown.querySelector("input"));
  });
});
