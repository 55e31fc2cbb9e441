/** The few calls by HTTP: sessions, the list of conversations, attachments, and what the widget is to look like. */

import type { Answer, Body, ListedConversation } from "@causerie/api";
import type { Metadata } from "./contents.js";

export type { Attachment } from "@causerie/api";

/** The server said no, or (status 0) nothing. `retryAfter` in seconds: it may be asked again. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly retryAfter: number | null = null,
  ) {
    super(title);
  }

  /** Asked again, it would say the same: the integration is gone, or the page may not show it. */
  get final(): boolean {
    return this.status === 400 || this.status === 403 || this.status === 404;
  }
}

export type Session = Answer<"POST /messaging/v1/sessions">;
export type Listed = ListedConversation;
export type Config = Answer<"GET /messaging/v1/integrations/{integrationId}/config">;

export class Api {
  constructor(
    readonly base: string,
    readonly integration: string,
  ) {}

  get streamUrl(): string {
    return `${this.base.replace(/^http/, "ws")}/messaging/v1/stream`;
  }

  session(body: Omit<Body<"POST /messaging/v1/sessions">, "integrationId">): Promise<Session> {
    return this.call("POST", "/messaging/v1/sessions", { integrationId: this.integration, ...body });
  }

  async endSession(token: string): Promise<void> {
    await this.call("DELETE", "/messaging/v1/sessions", undefined, token);
  }

  async conversations(token: string): Promise<Listed[]> {
    const answer = await this.call<{ conversations: Listed[] }>("GET", "/messaging/v1/conversations", undefined, token);
    return answer.conversations;
  }

  async newConversation(token: string, body: { displayName?: string; metadata?: Metadata }): Promise<Listed> {
    const answer = await this.call<{ conversation: Listed }>("POST", "/messaging/v1/conversations", body, token);
    return answer.conversation;
  }

  /** What the integration is to look like: the fields of its settings that pages may know. */
  config(): Promise<Config> {
    return this.call("GET", `/messaging/v1/integrations/${this.integration}/config`);
  }

  private call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
    return ask(this.base + path, { method, body, token });
  }
}

/** One request to the server, and its answer's JSON. Raises `ApiError`. */
export async function ask<T>(url: string, { method, body, token }: { method: string; body?: unknown; token?: string | undefined }): Promise<T> {
  const headers: Record<string, string> = {};
  if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    answer = await fetch(url, { method, headers, credentials: "omit", ...given });
  } catch {
    throw new ApiError(0, "unreachable", "The server cannot be reached");
  }
  const found: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw refusal(answer.status, found, answer.headers.get("Retry-After"));
  return found as T;
}

/** The refusal that an answer holds, in the API's format. */
export function refusal(status: number, body: unknown, retryAfter: string | null): ApiError {
  const first = (body as { errors?: { code: string; title: string }[] } | null)?.errors?.[0];
  const seconds = retryAfter === null ? null : Number(retryAfter);
  return new ApiError(status, first?.code ?? "unknown", first?.title ?? `HTTP ${status}`, seconds);
}
