import { afterEach, describe, expect, test, vi } from "vitest";
import { address, type ApiError, caller } from "./call.js";

const call = caller("http://test");
const answers = (status: number, body: unknown, headers = {}) =>
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(body === null ? null : JSON.stringify(body), { status, headers }));
const failed = (told: Promise<unknown>): Promise<ApiError> => told.then(() => Promise.reject(new Error("it was answered")), (error) => error);

afterEach(() => vi.restoreAllMocks());

describe("a call", () => {
  test("goes to its address, with its token, its query and its body", async () => {
    const asked = answers(200, { ticket: {} });
    await call("PUT /api/v2/tickets/{id}", { path: { id: 7 }, query: { include: "users" }, body: { ticket: { status: "solved" } }, token: "t" });
    const [url, init] = asked.mock.calls[0] ?? [];
    expect(url).toBe("http://test/api/v2/tickets/7?include=users");
    expect(init).toMatchObject({ method: "PUT", body: '{"ticket":{"status":"solved"}}', credentials: "omit" });
    expect(init?.headers).toEqual({ Authorization: "Bearer t", "Content-Type": "application/json" });
  });

  test("is answered by nothing where there is nothing to say", async () => {
    answers(204, null);
    expect(await call("DELETE /api/v2/tickets/{id}", { path: { id: 7 } })).toBeNull();
  });

  test("fails with the code of either form of failures, and with when to come again", async () => {
    answers(503, { errors: [{ code: "unavailable", title: "Not now" }] }, { "Retry-After": "2" });
    expect(await failed(call("GET /messaging/v1/conversations", {}))).toMatchObject({ status: 503, code: "unavailable", retryAfter: 2 });
    answers(404, { error: "RecordNotFound", description: "Not found" });
    expect(await failed(call("GET /api/v2/users/{id}", { path: { id: 1 } }))).toMatchObject({ code: "RecordNotFound", message: "Not found" });
  });

  test("that cannot be made says so, and one that was given up ends as such", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("failed"));
    expect(await failed(call("GET /healthz", {}))).toMatchObject({ status: 0, code: "unreachable" });
    expect(await failed(call("GET /healthz", { signal: AbortSignal.abort() }))).toBeInstanceOf(TypeError);
  });

  test("puts what people write into paths and queries as text", () => {
    expect(address("/a/{name}", { name: "x/y?" }, { query: "a b&c", page: 2, none: undefined })).toBe("/a/x%2Fy%3F?query=a+b%26c&page=2");
  });
});
