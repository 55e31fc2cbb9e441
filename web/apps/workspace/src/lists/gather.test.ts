import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Gather } from "./gather.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathering(most: number): { gather: Gather<string>; asked: string[][] } {
  const asked: string[][] = [];
  const ask = (names: readonly string[]) => {
    asked.push([...names]);
    return Promise.resolve(new Map(names.filter((name) => name !== "nobody").map((name) => [name, name.toUpperCase()])));
  };
  return { gather: new Gather(ask, most), asked };
}

it("asks for all that are wanted together, and for each once", async () => {
  const { gather, asked } = gathering(10);
  gather.want(["a", "b"]);
  gather.want(["b", "nobody"]);
  await vi.runAllTimersAsync();
  gather.want(["a", "nobody"]);
  await vi.runAllTimersAsync();
  expect(asked).toEqual([["a", "b", "nobody"]]);
  expect([gather.get("a"), gather.get("nobody"), gather.get("c"), gather.version]).toEqual(["A", null, undefined, 1]);
});

it("asks first for what was wanted last, no more at once than it may", async () => {
  const { gather, asked } = gathering(2);
  gather.want(["a", "b", "c"]);
  await vi.runAllTimersAsync();
  expect(asked).toEqual([["b", "c"], ["a"]]);
});

it("goes on without what could not be had, until it is wanted again", async () => {
  let isDown = true;
  const gather = new Gather<string>((names) => (isDown ? Promise.reject(new Error("down")) : Promise.resolve(new Map(names.map((name) => [name, name])))), 5);
  gather.want(["a"]);
  await vi.runAllTimersAsync();
  expect(gather.get("a")).toBeUndefined();
  isDown = false;
  gather.want(["a"]);
  await vi.runAllTimersAsync();
  expect(gather.get("a")).toBe("a");
});
