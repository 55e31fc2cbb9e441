// @vitest-environment jsdom
import { CONVERSATION, FakeServer } from "@causerie/client/fake_server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Facts, ToFrame, ToPage } from "@causerie/bridge";
import { Messenger } from "./messenger.js";
import { Page } from "./page.js";

const listed = (server: FakeServer): object[] =>
  server.events.length === 0 ? [] : [{ id: CONVERSATION, isDefault: true, displayName: null, seq: 1, unreadCount: 0, createdAt: "" }];

describe("a messenger", () => {
  let server: FakeServer;
  let page: Page;
  let told: ToPage[];
  let toFrame: MessagePort;
  let messenger: Messenger;

  beforeEach(async () => {
    localStorage.clear();
    server = new FakeServer();
    vi.stubGlobal("WebSocket", function () {
      return server.open();
    });
    vi.stubGlobal("fetch", (url: string) => {
      const session = { token: "t", user: { id: "u", externalId: null, authenticated: false }, conversation: null };
      if (url.endsWith("/sessions")) return Promise.resolve(new Response(JSON.stringify(session), { status: 201 }));
      if (url.endsWith("/conversations")) return Promise.resolve(new Response(JSON.stringify({ conversations: listed(server) })));
      return Promise.resolve(new Response(JSON.stringify({ settings: { businessName: "Oak" } })));
    });
    page = new Page();
    told = [];
    const line = new MessageChannel();
    toFrame = line.port1;
    toFrame.onmessage = (event: MessageEvent<ToPage>) => void told.push(event.data);
    adopt(page, line.port2);
    messenger = new Messenger("http://test", "a".repeat(24), page);
    await messenger.start();
  });
  afterEach(() => {
    messenger.client.close();
    toFrame.close();
    vi.unstubAllGlobals();
  });

  /** As `connect` does it, without a parent window. */
  function adopt(to: Page, port: MessagePort): void {
    const inner = to as unknown as { port: MessagePort; hear: (message: ToFrame) => void };
    inner.port = port;
    port.onmessage = (event: MessageEvent<ToFrame>) => inner.hear(event.data);
  }
  const say = (message: ToFrame): void => toFrame.postMessage(message);
  const facts = (given: Facts): void => say({ type: "facts", facts: given });
  const posted = () => server.heard.filter((frame) => frame.type === "message");
  const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 2000, interval: 5 });

  test("takes the settings of its integration, and the page's wishes over them", async () => {
    expect(messenger.config.get().businessName).toBe("Oak");
    facts({ customization: { brandColor: "#123456" }, locale: "fr" });
    await until(() => expect(messenger.config.get()).toMatchObject({ businessName: "Oak", brandColor: "#123456" }));
    expect(messenger.language.get().texts.send).toBe("Envoyer");
  });

  test("sends the page's fields and tags with the first message after they were set, and once", async () => {
    facts({ conversationFields: { order: "A-77" }, conversationTags: ["vip", "web"] });
    await until(() => expect(page.facts.get().conversationTags).toBeDefined());
    await messenger.say({ type: "text", text: "one" });
    await messenger.say({ type: "text", text: "two" });
    await until(() => expect(posted().length).toBe(2));
    const expected = { "dataCapture.ticketField.order": "A-77", "dataCapture.systemField.tags": "vip,web" };
    expect(posted().map((frame) => frame.metadata)).toEqual([expected, undefined]);
  });

  test("answers the page when the server has a message for good", async () => {
    say({ type: "sendMessage", id: 7, content: { type: "text", text: "by command" } });
    await until(() => expect(told).toContainEqual({ type: "done", id: 7, value: null }));
    expect(server.events.length).toBe(1);
  });

  test("asks the page before a message goes out, and keeps back what it will not have", async () => {
    facts({ delegates: { display: false, send: true } });
    await until(() => expect(page.facts.get().delegates?.send).toBe(true));
    void messenger.say({ type: "text", text: "no" });
    await until(() => expect(told.some((one) => one.type === "ask")).toBe(true));
    const asked = told.find((one) => one.type === "ask");
    say({ type: "answer", id: asked?.id ?? 0, value: null });
    const again = messenger.say({ type: "text", text: "yes" });
    await until(() => expect(told.filter((one) => one.type === "ask").length).toBe(2));
    const second = told.filter((one) => one.type === "ask")[1];
    say({ type: "answer", id: second?.id ?? 0, value: { type: "text", text: "yes!" } });
    await again;
    await until(() => expect(posted().map((frame) => (frame.content as { text: string }).text)).toEqual(["yes!"]));
  });

  test("tells the page what is unread while nobody looks, with its words", async () => {
    await messenger.say({ type: "text", text: "hello" });
    await until(() => expect(server.events.length).toBe(1));
    await until(() => expect(messenger.client.state.get().threads[CONVERSATION]?.last).toBe(1));
    server.says("Good morning");
    const preview = { name: "Ada", text: "Good morning" };
    await until(() => expect(told).toContainEqual({ type: "unread", count: 1, preview }));
    say({ type: "opened", focus: true });
    await until(() => expect(told.findLast((one) => one.type === "unread")).toEqual({ type: "unread", count: 0 }));
    expect(server.heard).toContainEqual({ type: "activity", conversation: CONVERSATION, activity: "conversation:read" });
  });

  test("says a file that is too large is, without sending it", () => {
    const file = new File(["x"], "big.bin");
    Object.defineProperty(file, "size", { value: 60_000_000 });
    messenger.pick([file]);
    expect(messenger.notice.get()?.text).toBe("The file is larger than 52 MB");
    expect(messenger.uploads.all.get()).toEqual([]);
  });
});
