// @vitest-environment jsdom
import type { Article, ArticleLine } from "@causerie/client";
import { expect, test, vi } from "vitest";
import { articleAt, Library } from "./library.js";

const CENTRE = "https://help.example.com/hc";
const line = (id: string): ArticleLine => ({ id, title: `Article ${id}`, locale: "en", parts: [] });
const article = (id: string): Article => ({ id, title: "x", locale: "en", body: "", url: "", updatedAt: "" });

test("an address of the own help centre is an article, and no other is", () => {
  expect(articleAt(`${CENTRE}/en-us/articles/12-how-to-return`, CENTRE)).toBe("12");
  expect(articleAt(`${location.origin}/hc/fr/articles/7?app_id=1#part`, CENTRE)).toBe("7");
  for (const other of ["https://elsewhere.example/hc/en/articles/12", `${CENTRE}/en/sections/12`, `${CENTRE}/en/articles/12-x/vote`, "mailto:a@example.com", "", "x"])
    expect(articleAt(other, CENTRE)).toBeNull();
  expect(articleAt(`${CENTRE}/en/articles/12`, null)).toBeNull();
});

test("what is found is of what was typed last", async () => {
  vi.useFakeTimers();
  const asked: string[] = [];
  const articles = async (query: string): Promise<ArticleLine[]> => {
    asked.push(query);
    return [line(query)];
  };
  const library = new Library({ articles, article: async (id) => article(id) }, () => "en");
  library.look("ret");
  library.look("retu");
  await vi.advanceTimersByTimeAsync(1_000);
  expect([asked, library.looked.get().results]).toEqual([["retu"], [line("retu")]]);
  vi.useRealTimers();
});

test("an article is asked for once, and again after a failure", async () => {
  let calls = 0;
  const failing = async (id: string): Promise<Article> => {
    calls += 1;
    if (calls === 1) throw new Error("not now");
    return article(id);
  };
  const library = new Library({ articles: async () => [], article: failing }, () => "");
  await expect(library.open("1")).rejects.toThrow();
  await library.open("1");
  await library.open("1");
  expect(calls).toBe(2);
});
