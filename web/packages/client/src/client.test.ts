import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Api, ApiError, type Listed } from "./api.js";
import { Client } from "./client.js";
import { CONVERSATION, FakeServer } from "./fake_server.js";
import { MemoryShelf } from "./shelf.js";

const INTEGRATION = "a".repeat(24);

/** The HTTP side of the fake server. */
class FakeApi extends Api {
  sessions = 0;
  reachable = true;

  constructor(private readonly server: FakeServer) {
    super("http://test", INTEGRATION);
  }
  override session(): ReturnType<Api["session"]> {
    if (!this.reachable) return Promise.reject(new ApiError(0, "unreachable", ""));
    this.sessions++;
    return Promise.resolve({ token: `t${this.sessions}`, user: { id: "u", externalId: null, authenticated: false }, conversation: null });
  }
  override conversations(): Promise<Listed[]> {
    const about = { id: CONVERSATION, type: "personal" as const, displayName: null };
    const listed = { ...about, iconUrl: null, isDefault: true, seq: 0, unreadCount: 0, createdAt: "", lastUpdatedAt: null };
    return Promise.resolve(this.server.events.length > 0 ? [listed] : []);
  }
}

describe("a client", () => {
  let server: FakeServer;
  let api: FakeApi;
  let shelf: MemoryShelf;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeServer();
    api = new FakeApi(server);
    shelf = new MemoryShelf();
  });
  afterEach(() => void vi.useRealTimers());

  const made = (): Client => new Client({ api, shelf, open: server.open });
  const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const texts = (client: Client): unknown[] =>
    (client.state.get().threads[CONVERSATION]?.messages ?? []).map((one) => (one.content as { text: string }).text);
  const posted = (): string[] => server.heard.flatMap((frame) => (frame.type === "message" ? [(frame.content as { text: string }).text] : []));

  test("is nobody until something is said", async () => {
    const client = made();
    client.resume();
    await settle(1000);
    expect([api.sessions, server.sockets.length]).toEqual([0, 0]);
    client.send(null, { type: "text", text: "hello" });
    await settle();
    expect(texts(client)).toEqual(["hello"]);
    expect(client.state.get()).toMatchObject({ main: CONVERSATION, entries: [], landing: [] });
  });

  test("lists a conversation that came into being after the list was asked for", async () => {
    vi.spyOn(api, "conversations").mockResolvedValueOnce([]);
    const client = made();
    client.send(null, { type: "text", text: "hello" });
    await settle();
    expect(client.state.get().listed.map((one) => one.id)).toEqual([CONVERSATION]);
  });

  test("comes back as the same person after a reload, with the history", async () => {
    const before = made();
    before.send(null, { type: "text", text: "hello" });
    await settle();
    before.close();
    const client = made();
    client.resume();
    await settle();
    expect([api.sessions, texts(client)]).toEqual([1, ["hello"]]);
  });

  test("resumes by seq after a break: every event once, and none is missing", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    server.cut();
    server.says("2");
    server.says("3");
    await settle(2000);
    server.says("4");
    await settle();
    expect(texts(client)).toEqual(["1", "2", "3", "4"]);
    const last = server.heard.findLast((frame) => frame.type === "subscribe");
    expect(last).toMatchObject({ after: 1 });
  });

  test("keeps a long conversation short while it is read, and not what is unread", async () => {
    const client = made();
    client.send(null, { type: "text", text: "0" });
    await settle();
    for (let at = 1; at < 220; at++) server.says(String(at));
    await settle();
    client.shorten(CONVERSATION);
    expect(texts(client).length).toBe(220);
    client.send(null, { type: "text", text: "all read" });
    await settle();
    client.shorten(CONVERSATION);
    expect([texts(client).length, texts(client).at(-1)]).toEqual([80, "all read"]);
    client.older(CONVERSATION);
    await settle();
    expect([texts(client).length, texts(client)[0]]).toEqual([110, "111"]);
  });

  test("says that messages have arrived, unless they are read in the next moment", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    const told = (): string[] => server.heard.flatMap((frame) => (frame.type === "activity" ? [frame.activity as string] : []));
    server.says("2");
    server.says("3");
    await settle(1_500);
    expect(told()).toEqual(["conversation:delivered"]);
    server.says("4");
    client.read(CONVERSATION);
    const createdAt = server.events.at(-1)?.createdAt ?? "";
    const activity = { type: "conversation:read", author: { type: "user" } } as const;
    server.events.push({ id: "e5", createdAt, type: "conversation:read", payload: { activity } });
    for (const socket of server.live) socket.show(server.events.length);
    await settle(1_500);
    expect(told()).toEqual(["conversation:delivered", "conversation:read"]);
  });

  test("says which page is looked at, once each, where something was said of late", async () => {
    vi.setSystemTime(1_767_225_600_000 + 60_000);
    const client = made();
    const look = (page: string): void => client.visit(CONVERSATION, `https://shop.example/${page}`, page);
    const told = (): string[] => server.heard.flatMap((frame) => (frame.type === "visit" ? [frame.title] : []));
    look("before anything was said");
    client.send(null, { type: "text", text: "1" });
    await settle();
    for (const page of ["lamps", "lamps", "basket"]) look(page);
    expect(told()).toEqual(["lamps", "basket"]);
    server.cut();
    look("while nobody listens");
    await settle(3_000);
    look("basket");
    expect(told()).toEqual(["lamps", "basket", "basket"]);
  });

  test("sends once, and in order, what was said while nothing answered", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    server.mood = "silent";
    for (const text of ["2", "3"]) client.send(null, { type: "text", text });
    await settle();
    server.cut();
    client.send(null, { type: "text", text: "4" });
    server.mood = "acks";
    await settle(5000);
    expect(texts(client)).toEqual(["1", "2", "3", "4"]);
    expect(posted()).toEqual(["1", "2", "2", "3", "4"]);
  });

  test("shows a message once, whichever of its event and its ack comes first", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    const seen: number[] = [];
    client.state.watch((state) => {
      const shown = (state.threads[CONVERSATION]?.messages ?? []).filter((one) => (one.content as { text: string }).text === "2").length;
      const there = new Set(state.threads[CONVERSATION]?.messages.map((one) => one.id));
      const waiting = [...state.landing, ...state.entries].filter((one) => one.message === undefined || !there.has(one.message)).length;
      seen.push(shown + waiting);
    });
    client.send(null, { type: "text", text: "2" });
    await settle();
    expect(new Set(seen)).toEqual(new Set([1]));
  });

  test("waits for the server to be reachable, and has only one session then", async () => {
    api.reachable = false;
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle(3000);
    expect(client.state.get().status).toBe("waiting");
    api.reachable = true;
    await settle(20_000);
    expect([texts(client), api.sessions]).toEqual([["1"], 1]);
  });

  test("does not ask again where it is not wanted, until somebody speaks", async () => {
    const asked = vi.spyOn(api, "session").mockRejectedValue(new ApiError(404, "integration_not_found", ""));
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle(120_000);
    expect([client.state.get().status, asked.mock.calls.length, client.state.get().entries.length]).toEqual(["refused", 1, 1]);
    asked.mockRestore();
    client.send(null, { type: "text", text: "2" });
    await settle();
    expect(texts(client)).toEqual(["1", "2"]);
  });

  test("takes another token when the server does not know its own any more", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    server.live[0]?.tell({ type: "bye", code: "unauthorized", reason: "" });
    server.cut();
    await settle(2000);
    expect(api.sessions).toBe(2);
    expect(client.state.get().status).toBe("online");
  });

  test("pages back through the history", async () => {
    for (let at = 1; at <= 70; at++) server.says(String(at));
    shelf.put(`causerie:${INTEGRATION}:session`, JSON.stringify({ token: "t", user: { id: "u" }, conversation: CONVERSATION, at: Date.now() }));
    const client = made();
    client.resume();
    await settle();
    expect(texts(client).length).toBe(30);
    client.older(CONVERSATION);
    client.older(CONVERSATION);
    await settle();
    expect(texts(client).length).toBe(60);
    client.older(CONVERSATION);
    await settle();
    expect(texts(client)).toEqual(Array.from({ length: 70 }, (_, at) => String(at + 1)));
    expect(client.state.get().threads[CONVERSATION]?.more).toBe(false);
  });

  test("notices that nobody is there any more, though the socket looks open", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    const first = server.live[0];
    server.take = () => {};
    await settle(60_000);
    expect(first?.closed).toBe(true);
    expect(client.state.get().status).not.toBe("off");
  });

  test("forgets the person when they log out", async () => {
    const client = made();
    client.send(null, { type: "text", text: "1" });
    await settle();
    vi.spyOn(api, "endSession").mockResolvedValue();
    await client.logout();
    expect(client.state.get()).toMatchObject({ status: "off", user: null, threads: {}, entries: [] });
    expect(shelf.keys()).toEqual([]);
  });
});
