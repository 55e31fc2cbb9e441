/** Who the visitor is to the server: a token that all tabs share, made when it is first needed. */

import { type Api, ApiError, type Session } from "./api.js";
import { alone } from "./locks.js";
import { read, type Shelf } from "./shelf.js";

interface Saved extends Session {
  at: number;
}

/** A token is exchanged for a fresh one long before it expires. */
const FRESH_MS = 7 * 86_400_000;

/** Where the page's own word for who its visitor is comes from: a JWT, asked for again when the last one is over. */
export type JwtSource = () => Promise<string>;

export class Identity {
  private source: JwtSource | null = null;
  private used = "";

  constructor(
    private readonly api: Api,
    private readonly shelf: Shelf,
    private readonly key: string,
    private readonly locale: () => string,
    private readonly now: () => number = Date.now,
  ) {}

  /** Who it was at the last visit, or in another tab. */
  get current(): Session | null {
    return read<Saved>(this.shelf, this.key);
  }

  /** A token; `renew`: the one that was given last is not valid any more. Raises `ApiError`. */
  token(renew = false): Promise<string> {
    return alone(this.key, async () => {
      const saved = read<Saved>(this.shelf, this.key);
      const refused = renew && saved?.token === this.used;
      const session = saved === null || refused ? await this.begin() : await this.fresh(saved);
      this.used = session.token;
      return session.token;
    });
  }

  /** Become the person whom the page names; what was said anonymously goes along. Raises `ApiError`, or what the source raises. */
  async login(source: JwtSource): Promise<Session> {
    const jwt = await source();
    return alone(this.key, async () => {
      const earlier = this.current?.token;
      const session = await this.named(jwt, earlier);
      this.source = source;
      return this.save(session);
    });
  }

  /** Be nobody again. The token ends. */
  logout(): Promise<void> {
    return alone(this.key, async () => {
      const token = this.current?.token;
      this.source = null;
      this.shelf.drop(this.key);
      if (token !== undefined) await this.api.endSession(token).catch(() => undefined); // it may have ended by itself
    });
  }

  private async named(jwt: string, earlier: string | undefined): Promise<Session> {
    const told = { jwt, ...this.language() };
    if (earlier === undefined) return this.api.session(told);
    try {
      return await this.api.session({ ...told, sessionToken: earlier });
    } catch (error) {
      // The earlier token may be over, or another person's: then the JWT alone says who it is.
      if (error instanceof ApiError && error.status >= 400 && error.status < 429) return this.api.session(told);
      throw error;
    }
  }

  private async begin(): Promise<Session> {
    const jwt = this.source === null ? {} : { jwt: await this.source() };
    return this.save(await this.api.session({ ...jwt, ...this.language() }));
  }

  private async fresh(saved: Saved): Promise<Session> {
    if (this.now() - saved.at < FRESH_MS) return saved;
    try {
      return this.save(await this.api.session({ sessionToken: saved.token, ...this.language() }));
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.begin();
      throw error;
    }
  }

  private language(): { locale?: string } {
    const locale = this.locale();
    return locale === "" ? {} : { locale };
  }

  private save(session: Session): Session {
    this.shelf.put(this.key, JSON.stringify({ ...session, at: this.now() } satisfies Saved));
    return session;
  }
}
