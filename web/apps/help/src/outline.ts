/** Marks, in the list of an article's headings, the part that is being read. */

export function follow(links: Iterable<HTMLAnchorElement>): void {
  const all = [...links];
  const headings = all.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  if (all.length === 0 || !("IntersectionObserver" in window)) return;
  const mark = (): void => {
    const passed = headings.filter((one) => one !== null && one.getBoundingClientRect().top < innerHeight / 3).length;
    all.forEach((link, at) => (at === Math.max(0, passed - 1) ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  const watch = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px" });
  for (const one of headings) if (one !== null) watch.observe(one);
}
