import { expect, it } from "vitest";
import { address, parse, type Route } from "./route.js";

const ID = "6b04441f281a89b7db00da24";

it("each page has an address, from which it comes back", () => {
  const all: Route[] = [
    { open: { kind: "nothing" }, list: "mine", words: "" },
    { open: { kind: "conversation", id: ID }, list: "view:12", words: "" },
    { open: { kind: "ticket", number: 42 }, list: "search", words: "lamp & chair" },
  ];
  for (const route of all) {
    const [path = "", query = ""] = address(route).split("?");
    expect(parse(path, query)).toEqual(route);
  }
  expect(address(all[1] as Route)).toBe(`/workspace/c/${ID}?list=view%3A12`);
});

it("an address that names nothing opens nothing", () => {
  for (const path of ["/workspace", "/workspace/", "/workspace/c/../x", "/workspace/c/%E0%A4%A", "/workspace/t/0", "/workspace/t/x", "/workspace/z/1"]) {
    expect(parse(path, "").open).toEqual({ kind: "nothing" });
  }
});
