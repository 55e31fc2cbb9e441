import { expect, test } from "vitest";
import { Growing } from "./table.js";

test("a table that was taken stays as it was", () => {
  const growing = new Growing<number>();
  for (let count = 0; count < 1_000; count++) growing.set(`name ${count}`, count);
  const taken = growing.taken();
  growing.set("name 7", -7);
  growing.set("another", 1);
  growing.delete("name 8");
  growing.delete("never there");
  const later = growing.taken();
  growing.set("name 9", -9);
  const seen = (table: { size: number; get(name: string): number | undefined }) => [table.size, ...["name 7", "name 8", "name 9", "another", ""].map((name) => table.get(name))];
  expect(seen(taken)).toEqual([1_000, 7, 8, 9, undefined, undefined]);
  expect(seen(later)).toEqual([1_000, -7, undefined, 9, 1, undefined]);
  expect(seen(growing)).toEqual([1_000, -7, undefined, -9, 1, undefined]);
});
