// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { follow, here } from "./where.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a page is told without its query, and the next one when it has its title", () => {
  const told = vi.fn();
  history.replaceState(null, "", "/lamps?token=secret#care");
  document.title = "Lamps";
  follow(told);
  vi.runAllTimers();
  history.pushState(null, "", "/basket");
  dispatchEvent(new PopStateEvent("popstate"));
  document.title = "Basket";
  vi.runAllTimers();
  const pages = told.mock.calls.map(([page]) => page as ReturnType<typeof here>);
  expect(pages).toEqual([
    { url: `${location.origin}/lamps`, title: "Lamps" },
    { url: `${location.origin}/basket`, title: "Basket" },
  ]);
});
