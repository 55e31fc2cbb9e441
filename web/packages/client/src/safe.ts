/** What others have written, made fit to be shown: addresses of a few kinds, and HTML of an allow-list. Whatever else it was stays away. */

import DOMPurify from "dompurify";

const TAGS = ["a", "b", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "strong", "u", "ul"];
const LINKS = new Set(["http:", "https:", "mailto:", "tel:"]);

/** An address that a link may have; null for every other, such as `javascript:`. */
export function linkUrl(uri: string): string | null {
  return kindOf(uri, LINKS);
}

/** An address that a picture or a file may have. */
export function webUrl(uri: string): string | null {
  return kindOf(uri, new Set(["http:", "https:"]));
}

function kindOf(uri: string, kinds: ReadonlySet<string>): string | null {
  try {
    const url = new URL(uri, location.href);
    return kinds.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** The nodes of an HTML text: words, emphasis, lists, quotes and links that open elsewhere, and nothing that acts or loads. */
export function safeNodes(html: string): DocumentFragment {
  const made = sanitized(html, TAGS, ["href"]);
  outward(made);
  return made;
}

function sanitized(html: string, tags: string[], attributes: string[]): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: attributes,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}

/** Links open elsewhere, or are none. */
function outward(made: DocumentFragment): void {
  for (const link of made.querySelectorAll("a")) {
    const url = linkUrl(link.getAttribute("href") ?? "");
    if (url === null || !link.hasAttribute("href")) link.removeAttribute("href");
    else {
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener noreferrer nofollow";
    }
  }
}

const ARTICLE_TAGS = [
  ...TAGS,
  ...["abbr", "caption", "cite", "col", "colgroup", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "img", "ins", "kbd", "mark", "q", "samp"],
  ...["small", "span", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "var"],
];

/** The nodes of an article: what messages may have, and pictures and tables. Links within the article lead nowhere here. */
export function articleNodes(html: string): DocumentFragment {
  const made = sanitized(html, ARTICLE_TAGS, ["alt", "colspan", "dir", "height", "href", "lang", "rowspan", "scope", "src", "start", "width"]);
  for (const link of made.querySelectorAll('a[href^="#"]')) link.removeAttribute("href");
  outward(made);
  for (const image of made.querySelectorAll("img")) {
    const url = webUrl(image.getAttribute("src") ?? "");
    if (url === null || !image.hasAttribute("src")) image.remove();
    else Object.assign(image, { loading: "lazy", referrerPolicy: "no-referrer", src: url });
  }
  return made;
}

const URLS = /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/gi;

/** A plain text in pieces: words, and the addresses among them. */
export function pieces(text: string): { text: string; url: string | null }[] {
  const found: { text: string; url: string | null }[] = [];
  let from = 0;
  for (const match of text.matchAll(URLS)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), url: null });
    found.push({ text: match[0], url: linkUrl(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), url: null });
  return found;
}
