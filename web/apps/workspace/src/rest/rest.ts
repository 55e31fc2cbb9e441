/**
 * One way to the server by HTTP: the agent's token, the two forms in which refusals are told, ends of what nobody waits for any more.
 *
 * Addresses are paths of this server alone. What comes back is believed to have its documented form; what people wrote in it is text.
 */

export type Query = Record<string, string | number | boolean | readonly (string | number)[] | null | undefined>;

export interface RestOptions {
  /** Null: nobody is signed in, and nothing is asked. */
  token: () => string | null;
  /** The server does not know the token any more. */
  signedOut?: () => void;
  base?: string;
  fetch?: typeof fetch;
}

/** The server said no, or (status 0) nothing. `fields`: what is wrong with which. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds after which the same may be asked again. */
    readonly retryAfter: number | null = null,
  ) {
    super(title);
    this.name = "RestError";
  }

  /** Somebody else changed it in between. */
  get isConflict(): boolean {
    return this.status === 409;
  }

  /** Asked again, it may go well. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A page of a list, and how to ask for the next one. */
export interface Page<T> {
  items: T[];
  count: number;
  next: number | null;
}

export class Rest {
  private readonly base: string;

  constructor(private readonly options: RestOptions) {
    this.base = options.base ?? "";
  }

  get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
    return this.call<T>("GET", path + written(query), undefined, signal);
  }

  post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.call<T>("POST", path, body, signal);
  }

  put<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    return this.call<T>("PUT", path, body, signal);
  }

  delete<T>(path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    return this.call<T>("DELETE", path, body, signal);
  }

  /** A numbered page of the list that the answer has under `name`. */
  async page<T>(path: string, name: string, query: Query = {}, signal?: AbortSignal): Promise<Page<T>> {
    const answer = await this.get<Record<string, unknown>>(path, query, signal);
    const items = (answer[name] ?? []) as T[];
    const here = Number(answer["page"] ?? query["page"] ?? 1);
    return { items, count: Number(answer["count"] ?? items.length), next: answer["next_page"] ? here + 1 : null };
  }

  /** All of a list that is short by its nature, such as groups: at most `pages` pages. */
  async all<T>(path: string, name: string, query: Query = {}, signal?: AbortSignal, pages = 10): Promise<T[]> {
    const found: T[] = [];
    for (let page: number | null = 1; page !== null && page <= pages; ) {
      const one: Page<T> = await this.page<T>(path, name, { per_page: 100, ...query, page }, signal);
      found.push(...one.items);
      page = one.next;
    }
    return found;
  }

  private async call<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
    const answer = await this.sent(method, path, body, signal);
    const text = await answer.text();
    const found = json(text);
    if (answer.ok) return found as T;
    if (answer.status === 401) this.options.signedOut?.();
    throw refusal(answer.status, found, answer.headers.get("Retry-After"));
  }

  private async sent(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const token = this.options.token();
    if (token === null) throw new RestError(401, "unauthorized", "Nobody is signed in");
    const headers: Record<string, string> = { Authorization: `Bearer ${token}`, Accept: "application/json" };
    const init: RequestInit = { method, headers, credentials: "omit", cache: "no-store" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    if (signal !== undefined) init.signal = signal;
    try {
      return await (this.options.fetch ?? fetch)(this.base + path, init);
    } catch (error) {
      if (signal?.aborted === true) throw error;
      throw new RestError(0, "unreachable", "The server cannot be reached");
    }
  }
}

function json(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** `?a=1&b=2%2C3`, without what is null or undefined. */
export function written(query: Query): string {
  const parts = Object.entries(query).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    const text = Array.isArray(value) ? value.join(",") : String(value);
    return [`${encodeURIComponent(name)}=${encodeURIComponent(text)}`];
  });
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

interface Told {
  error?: string;
  description?: string;
  details?: Record<string, { description: string }[]>;
  errors?: { code: string; title: string }[];
}

/** The refusal that an answer holds: in the form of `/api/v2`, or in that of everything else. */
export function refusal(status: number, body: unknown, retryAfter: string | null): RestError {
  const told = (body ?? {}) as Told;
  const seconds = retryAfter === null ? null : Number(retryAfter);
  const first = told.errors?.[0];
  if (first !== undefined) return new RestError(status, first.code, first.title, {}, seconds);
  const fields = Object.entries(told.details ?? {}).map(([name, those]) => [name, those.map((one) => one.description).join(" ")]);
  return new RestError(status, told.error ?? "unknown", told.description ?? `HTTP ${status}`, Object.fromEntries(fields), seconds);
}
