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
  const made = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of made.querySelectorAll("a")) {
    const url = linkUrl(link.getAttribute("href") ?? "");
    if (url === null || !link.hasAttribute("href")) link.removeAttribute("href");
    else {
      link.href = url;
      link.target = "_blank";
      link.rel = "noopener noreferrer nofollow";
    }
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
