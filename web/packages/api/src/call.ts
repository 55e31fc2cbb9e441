/** Calls of our own routes, typed by what openapi.yaml says of each: `call("GET /api/v2/tickets/{id}", { path: { id: 7 } })`. */

import type { Operations } from "./operations.js";

export type Operation = keyof Operations;
export type Answer<K extends Operation> = Operations[K]["answer"];
export type Body<K extends Operation> = Operations[K] extends { body: infer B } ? B : undefined;

/** What a call takes: each part only where the operation has one, and `path` always where it has. */
export type Call<K extends Operation> = {
  [P in keyof Omit<Operations[K], "answer" | "path">]?: Operations[K][P];
} & (Operations[K] extends { path: infer T } ? { path: T } : unknown) & { token?: string; signal?: AbortSignal };

type Given = { path?: object; query?: object; body?: unknown; token?: string; signal?: AbortSignal };
type Values = Record<string, string | number | boolean | undefined>;

/** The server said no, or (status 0) nothing. `retryAfter` in seconds: it may be asked again. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly retryAfter: number | null = null,
    /** The answer, where it says more. */
    readonly told: unknown = null,
  ) {
    super(title);
  }

  /** Asked again, it would say the same: the thing is gone, or is not for this page. */
  get final(): boolean {
    return this.status === 400 || this.status === 403 || this.status === 404;
  }
}

export type Caller = <K extends Operation>(operation: K, given: Call<K>) => Promise<Answer<K>>;

/** A function that calls the server at `base`. It throws `ApiError`, and what aborts a `signal`. */
export function caller(base: string): Caller {
  return async <K extends Operation>(operation: K, given: Call<K>): Promise<Answer<K>> => {
    const { method, path, init } = request(operation, given as Given);
    let answer: Response;
    try {
      answer = await fetch(base + path, { method, credentials: "omit", ...init });
    } catch (error) {
      if ((given as Given).signal?.aborted === true) throw error;
      throw new ApiError(0, "unreachable", "The server cannot be reached");
    }
    const found: unknown = answer.status === 204 ? null : await answer.json().catch(() => null);
    if (!answer.ok) throw refusal(answer.status, found, answer.headers.get("Retry-After"));
    return found as Answer<K>;
  };
}

function request(operation: string, given: Given): { method: string; path: string; init: RequestInit } {
  const [method = "GET", template = ""] = operation.split(" ");
  const headers: Record<string, string> = {};
  if (given.token !== undefined) headers["Authorization"] = `Bearer ${given.token}`;
  if (given.body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { headers };
  if (given.body !== undefined) init.body = JSON.stringify(given.body);
  if (given.signal !== undefined) init.signal = given.signal;
  return { method, path: address(template, given.path as Values, given.query as Values), init };
}

/** A path with its parameters in their places, and the query behind it. */
export function address(template: string, path: Values = {}, query: Values = {}): string {
  const filled = template.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const asked = Object.entries(query).filter((each): each is [string, string | number | boolean] => each[1] !== undefined);
  const written = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return written === "" ? filled : `${filled}?${written}`;
}

/** The refusal that an answer holds, in the house's form or in Zendesk's. */
export function refusal(status: number, body: unknown, retryAfter: string | null): ApiError {
  const told = body as { errors?: { code: string; title: string }[]; error?: string; description?: string } | null;
  const first = told?.errors?.[0];
  const seconds = retryAfter === null ? null : Number(retryAfter);
  return new ApiError(status, first?.code ?? told?.error ?? "unknown", first?.title ?? told?.description ?? `HTTP ${status}`, seconds, body);
}
