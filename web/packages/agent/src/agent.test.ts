import { MemoryShelf } from "@causerie/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Agent, type AgentOptions } from "./agent.js";
import { FakeAgentServer, ME, ONE, TWO } from "./fake_server.js";
import { AGENTS, type Line } from "./frames.js";
import { OrderRefused } from "./signatures.js";
import type { State } from "./state.js";

describe("an agent", () => {
  let server: FakeAgentServer;
  let shelf: MemoryShelf;
  let agents: Agent[];

  beforeEach(() => {
    vi.useFakeTimers();
    server = new FakeAgentServer();
    shelf = new MemoryShelf();
    agents = [];
  });
  afterEach(() => {
    for (const agent of agents) agent.close();
    vi.useRealTimers();
  });

  const settle = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const made = (options: Partial<AgentOptions> = {}): Agent => {
    const schedule = (work: () => void): void => void setTimeout(work, 10);
    const agent = new Agent({ url: "", account: ME, token: () => "token", shelf, open: server.open, schedule, ...options });
    agents.push(agent);
    return agent;
  };
  const started = async (options: Partial<AgentOptions> = {}): Promise<Agent> => {
    const agent = made(options);
    agent.start();
    await settle();
    return agent;
  };
  const textOf = (content: object): string => (content as { text: string }).text;
  const texts = (state: State, id = ONE): string[] =>
    (state.threads[id]?.items ?? []).flatMap((one) => (one.kind === "message" ? [(one.internal ? "note: " : "") + textOf(one.message.content)] : []));
  const posted = (): string[] => server.heard.flatMap((frame) => (frame.type === "message" ? [textOf(frame.content)] : []));

  describe("the inbox", () => {
    test("has the snapshot, and then what happens, newest activity first", async () => {
      server.says(ONE, "1");
      server.says(TWO, "2");
      const agent = await started();
      expect(agent.state.get().inbox).toMatchObject({ ready: true });
      expect(agent.state.get().inbox.conversations.size).toBe(2);
      server.says(TWO, "3");
      server.says(ONE, "4");
      await settle();
      const { order, conversations } = agent.state.get().inbox;
      expect(order).toEqual([ONE, TWO]);
      expect(conversations.get(ONE)).toMatchObject({ seq: 2, unread: 2, customer: { name: "Ada" }, channel: "web", last: { content: { text: "4" } } });
    });

    test("is shown once a frame, however much happens", async () => {
      const agent = await started();
      let count = 0;
      agent.state.watch(() => count++);
      for (let at = 0; at < 100; at++) server.says(ONE, String(at));
      expect(agent.state.get().inbox.conversations.size).toBe(0);
      await settle();
      expect([count, agent.state.get().inbox.conversations.get(ONE)?.unread]).toEqual([1, 100]);
    });

    test("takes the snapshot again where a seq is not the next one, and not at each event", async () => {
      server.says(ONE, "1");
      const agent = await started();
      server.isInboxWhole = false;
      server.says(ONE, "2");
      server.isInboxWhole = true;
      for (const text of ["3", "4", "5"]) server.says(ONE, text);
      await settle(10_000);
      const inboxes = server.heard.filter((frame) => frame.type === "subscribe" && frame.topic === "inbox");
      expect(inboxes.length).toBe(2);
      expect(agent.state.get().inbox.conversations.get(ONE)).toMatchObject({ seq: 5, unread: 5 });
    });

    test("knows who has control, the ticket and the status", async () => {
      const agent = await started();
      const people = { id: "s", name: "agentWorkspace", integrationType: AGENTS };
      server.happens(ONE, "switchboard:passControl", { conversation: { id: ONE, activeSwitchboardIntegration: people } });
      server.happens(ONE, "causerie:ticket:open", { conversation: { id: ONE, activeSwitchboardIntegration: people }, ticket: { id: "t", number: 7, revision: 3 } });
      server.happens(ONE, "causerie:ticket:change", { conversation: { id: ONE, activeSwitchboardIntegration: people }, ticket: { id: "t", revision: 2 } });
      server.happens(ONE, "causerie:status:change", { status: "pending" });
      await settle();
      expect(agent.state.get().inbox.conversations.get(ONE)).toMatchObject({ ticket: { number: 7 }, session: "active", status: "pending" });
      server.happens(ONE, "conversation:remove");
      await settle();
      expect(agent.state.get().inbox.order).toEqual([]);
    });
  });

  describe("a conversation", () => {
    test("is filled by its newest page, follows what comes, and pages back", async () => {
      for (let at = 1; at <= 120; at++) server.says(ONE, String(at));
      const agent = await started();
      agent.open(ONE);
      await settle();
      expect(texts(agent.state.get()).length).toBe(50);
      server.says(ONE, "121");
      agent.older(ONE);
      agent.older(ONE);
      await settle();
      agent.older(ONE);
      await settle();
      expect(texts(agent.state.get())).toEqual(Array.from({ length: 121 }, (_, at) => String(at + 1)));
      expect(agent.state.get().threads[ONE]).toMatchObject({ more: false, first: 1 });
    });

    test("resumes by seq after a cut: every event once, and none is missing", async () => {
      server.says(ONE, "1");
      const agent = await started();
      agent.open(ONE);
      await settle();
      server.cut();
      server.says(ONE, "2");
      await settle(3_000);
      server.says(ONE, "3");
      await settle();
      expect(texts(agent.state.get())).toEqual(["1", "2", "3"]);
    });

    test("is followed once, however often it is opened, and for a while after it was left", async () => {
      server.says(ONE, "1");
      const agent = await started();
      const [left, other] = [agent.open(ONE), agent.open(ONE)];
      await settle();
      left();
      left();
      other();
      server.says(ONE, "2");
      agent.open(ONE);
      await settle();
      expect(texts(agent.state.get())).toEqual(["1", "2"]);
      expect(server.heard.filter((frame) => frame.type === "history").length).toBe(1);
    });

    test("shows who types and who looks, until they do not say so any more, and never oneself", async () => {
      server.says(ONE, "1");
      const agent = await started();
      agent.open(ONE);
      await settle();
      const typing = (author: object) => ({ activity: { type: "typing:start", author: author as never } });
      server.whispers(ONE, "conversation:typing", typing({ type: "user", userId: "u" }));
      server.whispers(ONE, "conversation:typing", typing({ type: "business", agentId: ME }));
      server.whispers(ONE, "causerie:viewing", { agent: { id: "b", displayName: "Cy" }, on: true });
      await settle();
      expect(agent.state.get().threads[ONE]).toMatchObject({ typists: [{ name: "Ada", isCustomer: true }], viewers: [{ name: "Cy" }] });
      await settle(60_000);
      expect(agent.state.get().threads[ONE]).toMatchObject({ typists: [], viewers: [] });
    });

    test("that is not there (any more) says so", async () => {
      const agent = await started();
      server.says(ONE, "1");
      agent.open(ONE);
      await settle();
      server.journals.delete(ONE);
      server.cut();
      await settle(3_000);
      expect(agent.state.get().threads[ONE]?.removed).toBe(true);
    });

    test("is told that it was read once for each word of the customer", async () => {
      server.says(ONE, "1");
      const agent = await started();
      agent.open(ONE);
      await settle();
      agent.read(ONE);
      agent.read(ONE);
      server.says(ONE, "2");
      await settle();
      agent.read(ONE);
      expect(server.heard.filter((frame) => frame.type === "activity").length).toBe(2);
    });
  });

  test("hears in an open conversation of what only names a message", async () => {
    server.says(ONE, "1");
    const agent = await started();
    agent.open(ONE);
    await settle();
    server.happens(ONE, "conversation:message:delivery:user", { message: { id: "m1" } });
    await settle();
    expect(agent.state.get().threads[ONE]).toMatchObject({ last: 2, delivered: new Set(["m1"]) });
  });

  test("says that a customer's word has arrived where it is open, once for what came together", async () => {
    server.says(ONE, "1");
    const agent = await started();
    agent.open(ONE);
    await settle();
    server.says(ONE, "2");
    server.says(ONE, "3");
    await settle(2_000);
    expect(server.heard.flatMap((frame) => (frame.type === "activity" ? [frame.activity] : []))).toEqual(["conversation:delivered"]);
  });

  describe("what is written", () => {
    test("is sent once and in order, though the connection breaks under way", async () => {
      server.says(ONE, "0");
      const agent = await started();
      agent.open(ONE);
      await settle();
      server.mood = "silent";
      for (const text of ["1", "2"]) agent.send(ONE, { type: "text", text });
      agent.send(ONE, { type: "text", text: "3" }, { internal: true });
      await settle();
      server.cut();
      server.mood = "acks";
      await settle(3_000);
      expect(texts(agent.state.get())).toEqual(["0", "1", "2", "note: 3"]);
      expect(posted()).toEqual(["1", "1", "2", "3"]);
      expect(agent.state.get().outgoing).toEqual([]);
    });

    test("outlives the page: the next one sends it, under the same id", async () => {
      server.mood = "silent";
      const before = await started();
      before.send(ONE, { type: "text", text: "1" });
      await settle();
      before.close();
      await settle();
      server.mood = "acks";
      const agent = await started();
      agent.open(ONE);
      await settle();
      expect(texts(agent.state.get())).toEqual(["1"]);
      const ids = server.heard.flatMap((frame) => (frame.type === "message" ? [frame.id] : []));
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    });

    test("is another's when another signs in on the same browser", async () => {
      server.mood = "silent";
      const before = await started();
      before.send(ONE, { type: "text", text: "1" });
      before.close();
      server.heard.length = 0;
      const other = await started({ account: "b".repeat(24) });
      expect([posted(), other.state.get().outgoing]).toEqual([[], []]);
    });

    test("does not wait for another conversation", async () => {
      const agent = await started();
      server.mood = "silent";
      agent.send(ONE, { type: "text", text: "1" });
      agent.send(TWO, { type: "text", text: "2" });
      await settle();
      expect(posted()).toEqual(["1", "2"]);
    });

    test("is shown once at any moment, whichever of its event and its ack comes first, under one name", async () => {
      server.says(ONE, "0");
      const agent = await started();
      agent.open(ONE);
      await settle();
      const seen = new Set<string>();
      agent.state.watch(() => {
        const { threads, outgoing } = agent.state.get();
        const shown = (threads[ONE]?.items ?? []).flatMap((one) => (one.kind === "message" && textOf(one.message.content) === "1" ? [one.key] : []));
        seen.add([...shown, ...outgoing.map((one) => one.id)].join());
      });
      const id = agent.send(ONE, { type: "text", text: "1" });
      await settle();
      expect(seen).toEqual(new Set([id]));
    });

    test("and refused stays, until it is tried again or given up", async () => {
      server.says(ONE, "0");
      const agent = await started();
      agent.open(ONE);
      server.mood = { code: "locked" };
      const [id] = [agent.send(ONE, { type: "text", text: "1" }), agent.send(ONE, { type: "text", text: "2" })];
      await settle();
      expect(agent.state.get().outgoing).toMatchObject([{ state: "failed", code: "locked" }, { state: "failed" }]);
      server.mood = "acks";
      agent.retry(id);
      agent.forget(agent.state.get().outgoing[1]?.id ?? "");
      await settle();
      expect([texts(agent.state.get()), agent.state.get().outgoing]).toEqual([["0", "1"], []]);
    });
  });

  describe("an order", () => {
    test("is answered by its place", async () => {
      const agent = await started();
      server.routes("routing:status", { agentId: ME, status: "online" });
      await expect(agent.availability("online")).resolves.toEqual({ seq: 0, position: 1 });
      await expect(agent.setStatus(ONE, "solved")).resolves.toEqual({ seq: 1, position: 0 });
    });

    test("that is refused rejects with the code", async () => {
      const agent = await started();
      server.mood = { code: "not_offered" };
      await expect(agent.accept("t")).rejects.toMatchObject({ code: "not_offered" });
    });

    test("is said again after a cut, by the same id", async () => {
      const agent = await started();
      server.mood = "silent";
      const done = agent.accept("t");
      server.cut();
      server.mood = "acks";
      await settle(3_000);
      await expect(done).resolves.toEqual({ seq: 0, position: 0 });
      const ids = server.heard.flatMap((frame) => (frame.type === "accept" ? [frame.id] : []));
      expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    });

    test("is given up when nothing answers", async () => {
      const agent = await started();
      server.mood = "silent";
      const failed = expect(agent.decline("t")).rejects.toBeInstanceOf(OrderRefused);
      await settle(31_000);
      await failed;
    });

    test("to take a conversation moves control, waits for the ticket, and has it", async () => {
      server.says(ONE, "1");
      const agent = await started();
      agent.open(ONE);
      const taken = agent.take(ONE);
      await settle();
      server.happens(ONE, "causerie:ticket:open", { ticket: { id: "f".repeat(24) } });
      await settle();
      await taken;
      const told = server.heard.filter((frame) => frame.type === "control" || frame.type === "transfer");
      expect(told).toMatchObject([{ action: "pass", to: AGENTS }, { ticket: "f".repeat(24), agent: ME }]);
    });
  });

  describe("routing", () => {
    const stages = (agent: Agent): string[] => Object.values(agent.state.get().routing.work).map((one) => `${one.ticketId} ${one.stage}`);

    test("goes on from its position after a cut, without another snapshot", async () => {
      server.routes("routing:desk", {});
      const agent = await started();
      server.routes("routing:offered", { ticketId: "t1", agentId: ME, untilMs: 5, conversationId: ONE });
      await settle();
      expect(agent.state.get().routing.work["t1"]).toMatchObject({ stage: "offered", offerId: ME, untilMs: 5, conversationId: ONE });
      server.cut();
      server.routes("routing:assigned", { ticketId: "t1", agentId: ME, queue: 3 });
      await settle(3_000);
      expect(agent.state.get().routing).toMatchObject({ position: 3, work: { t1: { stage: "assigned", queue: 3, agentId: ME } } });
      expect(server.heard.findLast((frame) => frame.type === "subscribe" && frame.topic === "inbox")).toMatchObject({ after: 2 });
    });

    test("keeps what is this agent's, and only that", async () => {
      server.work.push({ ticketId: "t0", stage: "assigned", queue: 0, channel: "messaging", agentId: ME });
      const agent = await started();
      server.routes("routing:offered", { ticketId: "t1", agentId: ME });
      server.routes("routing:offered", { ticketId: "t2", agentId: "other" });
      server.routes("routing:offer_ended", { ticketId: "t1", agentId: ME, reason: "expired" });
      server.routes("routing:offered", { ticketId: "t0", agentId: "other", fromAgent: ME });
      await settle();
      expect(stages(agent)).toEqual(["t0 handing"]);
      server.routes("routing:offer_ended", { ticketId: "t0", agentId: "other", reason: "declined" });
      server.routes("routing:taken", { ticketId: "t3", agentId: ME });
      await settle();
      expect(stages(agent)).toEqual(["t0 assigned", "t3 assigned"]);
      server.routes("routing:assigned", { ticketId: "t0", agentId: "other" });
      server.routes("routing:queued", { ticketId: "t3", why: "returned" });
      await settle();
      expect(stages(agent)).toEqual([]);
    });

    test("counts the lines anew when work moves, and not at each event", async () => {
      const line: Line = { queue: 0, group: null, waiting: 2, offered: 0, assigned: 0, handing: 0 };
      const lines = vi.fn(() => Promise.resolve([line]));
      const agent = await started({ lines });
      for (let at = 0; at < 50; at++) server.routes("routing:queued", { ticketId: String(at) });
      await settle(5_000);
      expect([lines.mock.calls.length, agent.state.get().routing.lines]).toEqual([1, [line]]);
      server.routes("routing:withdrawn", { ticketId: "1" });
      await settle(5_000);
      expect(lines.mock.calls.length).toBe(2);
    });
  });

  test("whose session is over is not asked for again, and is told so", async () => {
    const refused = vi.fn();
    const agent = await started({ refused });
    server.live[0]?.tell({ type: "bye", code: "unauthorized", reason: "" });
    server.cut();
    await settle(60_000);
    expect([agent.state.get().connection, refused.mock.calls.length, server.sockets.length]).toEqual(["refused", 1, 1]);
  });
});
