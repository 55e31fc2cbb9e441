// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import { linkUrl, pieces, safeNodes, webUrl } from "./safe.js";

function html(source: string): string {
  const box = document.createElement("div");
  box.append(safeNodes(source));
  return box.innerHTML;
}

describe("HTML that others wrote", () => {
  test("keeps words, emphasis, lists and links", () => {
    expect(html("<p>A <strong>b</strong></p><ul><li>c</li></ul>")).toBe("<p>A <strong>b</strong></p><ul><li>c</li></ul>");
    const link = '<a href="https://example.com/" target="_blank" rel="noopener noreferrer nofollow">x</a>';
    expect(html('<a href="https://example.com/" onclick="steal()" style="color:red">x</a>')).toBe(link);
  });

  test.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=https://evil.example></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" data:text/html,<script>alert(1)</script>">x</a>',
    "<form action=https://evil.example><input name=password><button>ok</button></form>",
    "<style>*{display:none}</style>",
    '<p style="position:fixed;inset:0" class="header" id="app">x</p>',
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  ])("nothing of %s acts or loads", (source) => {
    const box = document.createElement("div");
    box.append(safeNodes(source));
    const all = [...box.querySelectorAll("*")];
    expect(all.filter((one) => /^(script|img|svg|iframe|form|input|button|style|math|object)$/i.test(one.tagName))).toEqual([]);
    const attributes = all.flatMap((one) => one.getAttributeNames());
    expect(attributes.filter((name) => !["href", "target", "rel"].includes(name))).toEqual([]);
    expect(all.map((one) => one.getAttribute("href") ?? "").filter((href) => !/^$|^https?:|^mailto:|^tel:/.test(href))).toEqual([]);
  });
});

test("addresses are of a few kinds", () => {
  expect(linkUrl("https://example.com/a")).toBe("https://example.com/a");
  expect(linkUrl("mailto:a@example.com")).toBe("mailto:a@example.com");
  expect([linkUrl("javascript:alert(1)"), linkUrl(" JaVaScRiPt:alert(1)"), linkUrl("data:text/html,x"), linkUrl("blob:x")]).toEqual([null, null, null, null]);
  expect([webUrl("mailto:a@example.com"), webUrl("ftp://example.com")]).toEqual([null, null]);
});

test("addresses in a plain text are links, without what ends the sentence", () => {
  expect(pieces("See https://example.com/a?b=1, or not.")).toEqual([
    { text: "See ", url: null },
    { text: "https://example.com/a?b=1", url: "https://example.com/a?b=1" },
    { text: ", or not.", url: null },
  ]);
  expect(pieces("<b>no</b>")).toEqual([{ text: "<b>no</b>", url: null }]);
});
