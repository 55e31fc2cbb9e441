// @vitest-environment jsdom
import { afterEach, expect, test, vi } from "vitest";
import { vote } from "./vote.js";

const FORM = `<form action="/hc/en/articles/1/vote" data-one="{up} of 1 person" data-many="{up} of {all} people" data-thanks="Thanks" data-wrong="No">
  <button name="value" value="up" aria-pressed="false">Yes</button><button name="value" value="down" aria-pressed="true">No</button>
  <p class="thanks"></p><p class="tally"></p></form>`;

afterEach(() => vi.unstubAllGlobals());

function form(): HTMLFormElement {
  document.body.innerHTML = FORM;
  const found = document.querySelector("form") as HTMLFormElement;
  vote(found);
  return found;
}

const texts = (): (string | null)[] => [".thanks", ".tally"].map((one) => (document.querySelector(one) as HTMLElement).textContent);

test("a vote is counted in place", async () => {
  const fetched = vi.fn(async (_: string, sent: RequestInit) => Response.json({ up: 2, all: 3, sent: String(sent.body) }));
  vi.stubGlobal("fetch", fetched);
  form().querySelector("button")?.click();
  await vi.waitFor(() => expect(texts()).toEqual(["Thanks", "2 of 3 people"]));
  expect(String(fetched.mock.calls[0]?.[1].body)).toBe("value=up");
  expect([...document.querySelectorAll("button")].map((one) => one.getAttribute("aria-pressed"))).toEqual(["true", "false"]);
});

test("one that was not counted is not shown as one", async () => {
  vi.stubGlobal("fetch", async () => new Response("", { status: 503 }));
  form().querySelector("button")?.click();
  await vi.waitFor(() => expect(texts()).toEqual(["No", ""]));
  expect(document.querySelector("button")?.getAttribute("aria-pressed")).toBe("false");
});
