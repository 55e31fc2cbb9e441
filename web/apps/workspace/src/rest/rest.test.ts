import { describe, expect, it } from "vitest";
import { Rest, refusal, written } from "./rest.js";

function answering(...answers: [number, unknown][]): { rest: Rest; asked: { url: string; init: RequestInit }[]; out: number[] } {
  const asked: { url: string; init: RequestInit }[] = [];
  const out: number[] = [];
  const fake = (url: string, init: RequestInit): Promise<Response> => {
    asked.push({ url, init });
    const [status, body] = answers.shift() ?? [500, null];
    return Promise.resolve(new Response(body === null ? null : JSON.stringify(body), { status }));
  };
  const rest = new Rest({ token: () => "agent_secret", signedOut: () => out.push(1), fetch: fake as typeof fetch });
  return { rest, asked, out };
}

describe("Rest", () => {
  it("says who asks, and sends no cookie", async () => {
    const { rest, asked } = answering([200, { user: { id: 1 } }]);
    expect(await rest.get("/api/v2/users/me")).toEqual({ user: { id: 1 } });
    expect(asked[0]?.url).toBe("/api/v2/users/me");
    expect(asked[0]?.init.headers).toMatchObject({ Authorization: "Bearer agent_secret" });
    expect(asked[0]?.init.credentials).toBe("omit");
  });

  it("goes through the pages of a short list, and stops where it ends", async () => {
    const { rest, asked } = answering([200, { groups: [1], next_page: "x", page: 1, count: 2 }], [200, { groups: [2], next_page: null, page: 2, count: 2 }]);
    expect(await rest.all("/api/v2/groups", "groups")).toEqual([1, 2]);
    expect(asked.map(({ url }) => url)).toEqual(["/api/v2/groups?per_page=100&page=1", "/api/v2/groups?per_page=100&page=2"]);
  });

  it("tells that the token is over", async () => {
    const { rest, out } = answering([401, { error: "Couldn't authenticate you", description: "no" }]);
    await expect(rest.get("/api/v2/users/me")).rejects.toMatchObject({ status: 401 });
    expect(out).toEqual([1]);
  });

  it("takes an answer without a body for nothing", async () => {
    const { rest } = answering([204, null]);
    expect(await rest.delete("/api/v2/tickets/1")).toBeNull();
  });
});

describe("refusals", () => {
  it("are read in both forms", () => {
    const details = { status: [{ description: "Status: must be one of open", error: "InvalidValue" }] };
    expect(refusal(422, { error: "RecordInvalid", description: "Record validation errors", details }, null)).toMatchObject({
      code: "RecordInvalid",
      fields: { status: "Status: must be one of open" },
    });
    expect(refusal(429, { errors: [{ code: "rate_limited", title: "Slowly" }] }, "3")).toMatchObject({
      code: "rate_limited",
      message: "Slowly",
      retryAfter: 3,
      isPassing: true,
    });
    expect(refusal(409, { error: "DatabaseConflict", description: "changed" }, null).isConflict).toBe(true);
    expect(refusal(502, null, null).message).toBe("HTTP 502");
  });
});

it("queries leave out what is not said", () => {
  expect(written({ a: 1, b: null, c: undefined, d: [1, 2], "page[size]": "x y" })).toBe("?a=1&d=1%2C2&page%5Bsize%5D=x%20y");
  expect(written({})).toBe("");
});
