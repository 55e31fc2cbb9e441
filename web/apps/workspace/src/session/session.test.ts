// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forget, kept, signIn, signOut, type Session } from "./session.js";

const SESSION: Session = { token: "agent_secret", agent: { id: "a1", displayName: "Ann", role: "agent", appId: "app" } };
const asked: { url: string; init: RequestInit }[] = [];

function answers(status: number, body: unknown): void {
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.push({ url, init });
    return status === 0 ? Promise.reject(new TypeError("no network")) : Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
}

beforeEach(() => {
  asked.length = 0;
  forget();
});
afterEach(() => {
  forget();
  vi.unstubAllGlobals();
});

it("is kept for the tab, or for the device when the agent says so", async () => {
  answers(201, SESSION);
  expect(await signIn(" ann@example.org ", "pass", false)).toEqual({ session: SESSION });
  expect([sessionStorage.length, localStorage.length]).toEqual([1, 0]);
  expect(JSON.parse(asked[0]?.init.body as string)).toEqual({ email: "ann@example.org", password: "pass" });
  await signIn("ann@example.org", "pass", true);
  expect([sessionStorage.length, localStorage.length]).toEqual([0, 1]);
  expect(kept()).toEqual(SESSION);
});

it("tells a wrong password from a server that is not there, and keeps nothing", async () => {
  for (const [status, failure] of [[401, "wrong"], [503, "unreachable"], [0, "unreachable"]] as const) {
    answers(status, { errors: [{ code: "x", title: "X" }] });
    expect(await signIn("a", "b", true)).toEqual({ failure });
  }
  answers(429, { errors: [{ code: "rate_limited", title: "Too many attempts" }] });
  expect(await signIn("a", "b", true)).toEqual({ failure: { title: "Too many attempts" } });
  expect(kept()).toBeNull();
});

it("is forgotten at once when it ends, whether the server hears of it or not", async () => {
  answers(201, SESSION);
  await signIn("a", "b", true);
  answers(0, null);
  await signOut(SESSION);
  expect(kept()).toBeNull();
  expect(asked.at(-1)?.init).toMatchObject({ method: "DELETE", headers: { Authorization: "Bearer agent_secret" } });
});

it("is nothing where somebody else has written", () => {
  for (const text of ["{", "null", "[]", '{"token": 1}', '{"token": "x", "agent": {}}']) {
    sessionStorage.setItem("causerie.session", text);
    expect(kept()).toBeNull();
  }
});
