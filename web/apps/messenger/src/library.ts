/** The help centre as the messenger reads it: what was looked for, what was found, and articles that were opened. */

import { type Api, type Article, type ArticleLine, Store } from "@causerie/client";

/** `results` null: not known yet. `failed`: the server could not be asked. */
export interface Looked {
  query: string;
  results: readonly ArticleLine[] | null;
  failed: boolean;
}

const PAUSE_MS = 180;
const KEPT = 20;

export class Library {
  readonly looked = new Store<Looked>({ query: "", results: null, failed: false });
  private readonly opened = new Map<string, Promise<Article>>();
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Pick<Api, "article" | "articles">,
    private readonly locale: () => string,
  ) {}

  /** Look for something while it is typed; what was found before stays until there is something else. */
  look(query: string): void {
    const { results } = this.looked.get();
    clearTimeout(this.later);
    this.looked.set({ query, results, failed: false });
    this.later = setTimeout(() => void this.ask(query), query.trim() === "" ? 0 : PAUSE_MS);
  }

  /** An article, asked for once. One that could not be had is asked for again. */
  open(id: string): Promise<Article> {
    const known = this.opened.get(id);
    if (known !== undefined) return known;
    if (this.opened.size >= KEPT) this.opened.clear();
    const asked = this.api.article(id, this.locale());
    this.opened.set(id, asked);
    asked.catch(() => this.opened.delete(id));
    return asked;
  }

  private async ask(query: string): Promise<void> {
    try {
      const results = await this.api.articles(query.trim(), this.locale());
      if (this.looked.get().query === query) this.looked.set({ query, results, failed: false });
    } catch {
      if (this.looked.get().query === query) this.looked.set({ query, results: null, failed: true });
    }
  }
}

const ARTICLE = /^\/hc\/[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*\/articles\/(\d{1,18})(?:-[^/]*)?$/i;

/** The article at an address, if it is one of this help centre, by its own address or by this server's. */
export function articleAt(address: string, centre: string | null): string | null {
  if (centre === null || !URL.canParse(address)) return null;
  const { origin, pathname } = new URL(address);
  return [location.origin, new URL(centre, location.href).origin].includes(origin) ? (ARTICLE.exec(pathname)?.[1] ?? null) : null;
}
