// @vitest-environment jsdom
import { Agent } from "@causerie/agent";
import { AgentProvider } from "@causerie/agent/react";
import { FakeAgentServer, ME, ONE } from "@causerie/agent/fake_server";
import { MemoryShelf } from "@causerie/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Rest, RestContext } from "../rest/index.js";
import { SessionProvider } from "../session/SessionProvider.js";
import { Languages } from "../texts/language.js";
import { Conversation } from "./Conversation.js";

// A machine that does other things beside is slow to draw.
vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 10_000 });

const SESSION = { token: "token", agent: { id: ME, displayName: "Ben", role: "agent", appId: "a" } };
const MACRO = { id: 9, title: "Thank and close", description: "Says thanks", active: true, actions: [] };
const TICKET = { id: 7, status: "open", priority: null, tags: [], custom_fields: [] };

/** What the server answers by HTTP, by the path. */
const ANSWERS: Record<string, unknown> = {
  "/api/v2/desk/agents": { agents: [{ user_id: 1, account_id: ME, name: "Ben" }, { user_id: 2, account_id: "c", name: "Cy Young" }] },
  "/api/v2/groups/assignable": { groups: [] },
  "/api/v2/macros/active": { macros: [MACRO], count: 1 },
  "/api/v2/tickets/7/macros/9/apply": { result: { ticket: { ...TICKET, status: "solved" }, comment: { body: "Thank you, Ada", html_body: null, public: true } } },
  "/agent/v1/attachments/f1": {
    attachment: { access: "private", link: { url: "https://chat.example/attachments/a/k/cat.png?signature=s", expiresAt: "2999-01-01T00:00:00.000Z" } },
  },
  "/api/v2/tickets/7": { ticket: TICKET, users: [] },
};

const REPLY = "Reply to the customer";
const NOTE = "Note that only agents see";

/** Pieces of a browser that jsdom has none of. */
class Watcher {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

describe("the conversation pane", () => {
  let server: FakeAgentServer;
  let agent: Agent;
  let asked: { method: string; path: string; body: unknown }[];

  beforeEach(() => {
    vi.stubGlobal("ResizeObserver", Watcher);
    vi.stubGlobal("IntersectionObserver", Watcher);
    vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
    Element.prototype.scrollTo = () => undefined;
    Element.prototype.scrollIntoView = () => undefined;
    sessionStorage.setItem("causerie.session", JSON.stringify(SESSION));
    server = new FakeAgentServer();
    asked = [];
    agent = new Agent({ url: "", account: ME, token: () => "token", shelf: new MemoryShelf(), open: server.open, schedule: (work) => void setTimeout(work) });
    agent.start();
  });
  afterEach(() => {
    cleanup();
    agent.close();
    localStorage.clear();
    sessionStorage.clear();
    vi.unstubAllGlobals();
  });

  const answer = async (path: unknown, init?: RequestInit): Promise<Response> => {
    const address = String(path).split("?")[0] ?? "";
    asked.push({ method: init?.method ?? "GET", path: address, body: JSON.parse(String(init?.body ?? "null")) });
    const found = ANSWERS[address];
    return new Response(JSON.stringify(found ?? { error: "RecordNotFound" }), { status: found === undefined ? 404 : 200 });
  };

  /** The pane, once there is something in it; where the agent writes then. */
  async function shown(label = REPLY): Promise<HTMLTextAreaElement> {
    const rest = new Rest({ token: () => "token", fetch: answer });
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    render(
      <Languages>
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <RestContext value={rest}>
              <AgentProvider value={agent}>
                <Conversation id={ONE} />
              </AgentProvider>
            </RestContext>
          </SessionProvider>
        </QueryClientProvider>
      </Languages>,
    );
    await waitFor(() => expect(document.querySelector("article")).not.toBeNull());
    return area(label);
  }

  const area = (label: string): HTMLTextAreaElement => screen.getByLabelText(label);

  const write = (field: HTMLTextAreaElement, text: string): void => {
    fireEvent.change(field, { target: { value: text } });
    field.setSelectionRange(text.length, text.length);
    fireEvent.keyUp(field, { key: text.at(-1) ?? "" });
  };
  const send = (field: HTMLTextAreaElement): boolean => fireEvent.keyDown(field, { key: "Enter", ctrlKey: true });
  const posted = () => server.heard.filter((frame) => frame.type === "message");

  test("shows what the customer says, and sends an answer once", async () => {
    server.says(ONE, "Where is my parcel?");
    const field = await shown();
    expect(screen.getByText("Where is my parcel?")).toBeTruthy();
    write(field, "On its way");
    send(field);
    send(field);
    await screen.findByText("On its way");
    expect([posted().length, field.value, posted()[0]]).toMatchObject([1, "", { conversation: ONE, content: { type: "text", text: "On its way" } }]);
  });

  test("keeps what was begun, for each of the two who may read it", async () => {
    server.says(ONE, "Hello");
    write(await shown(), "An answer");
    fireEvent.click(screen.getByLabelText("Note"));
    expect(area(NOTE).value).toBe("");
    write(area(NOTE), "A note");
    cleanup();
    const again = await shown(NOTE);
    expect(again.value).toBe("A note");
    send(again);
    await waitFor(() => expect(posted()[0]).toMatchObject({ internal: true, content: { text: "A note" } }));
    fireEvent.click(screen.getByLabelText("Reply"));
    expect(area(REPLY).value).toBe("An answer");
  });

  test("offers macros behind a slash: their words are written, and what they change is done when those are sent", async () => {
    server.says(ONE, "Hello");
    server.happens(ONE, "causerie:ticket:change", { ticket: { id: "t", number: 7, status: "open" } });
    const field = await shown();
    write(field, "/thank");
    await screen.findByText("Thank and close");
    fireEvent.keyDown(field, { key: "Enter" });
    await waitFor(() => expect(field.value).toBe("Thank you, Ada"));
    expect(screen.getByText(/the ticket is changed as “Thank and close” says/)).toBeTruthy();
    expect(asked.filter((one) => one.method === "PUT")).toEqual([]);
    send(field);
    await waitFor(() => expect(asked.find((one) => one.method === "PUT")).toMatchObject({ path: "/api/v2/tickets/7", body: { ticket: { status: "solved" } } }));
    expect(posted()[0]).toMatchObject({ content: { text: "Thank you, Ada" } });
  });

  test("offers agents behind an at sign in notes, and says whom a note mentions", async () => {
    server.says(ONE, "Hello");
    await shown();
    fireEvent.click(screen.getByLabelText("Note"));
    const note = area(NOTE);
    write(note, "Ask @cy");
    await screen.findByText("Cy Young");
    fireEvent.keyDown(note, { key: "Tab" });
    expect(note.value).toBe("Ask @Cy Young ");
    send(note);
    await waitFor(() => expect(posted()[0]).toMatchObject({ metadata: { mentions: "c" } }));
    expect((await screen.findByText("@Cy Young")).tagName).toBe("MARK");
  });

  test("says what was refused and why, and lets the agent try again", async () => {
    server.says(ONE, "Hello");
    const field = await shown();
    server.mood = { code: "conversation_locked" };
    write(field, "Well");
    send(field);
    const alert = await screen.findByText(/conversation_locked/);
    server.mood = "acks";
    fireEvent.click(within(alert.closest("p") as HTMLElement).getByText("Try again"));
    await waitFor(() => expect(screen.queryByText(/conversation_locked/)).toBeNull());
    expect(posted().length).toBe(2);
  });

  test("has it taken from the bot by a button, with its ticket", async () => {
    const bot = { id: "b", name: "answerBot", integrationType: "zd:answerBot" };
    server.says(ONE, "Hello");
    server.happens(ONE, "causerie:ticket:change", { conversation: { id: ONE, activeSwitchboardIntegration: bot }, ticket: { id: "t", number: 7 } });
    await shown();
    fireEvent.click(screen.getByText("Take"));
    await waitFor(() => expect(server.heard.some((frame) => frame.type === "transfer" && frame.agent === ME)).toBe(true));
    expect(server.heard.some((frame) => frame.type === "control" && frame.action === "pass")).toBe(true);
  });

  test("opens what is private by a signed link", async () => {
    const image = { type: "image", mediaUrl: "https://chat.example/attachments/a/k/cat.png", altText: "cat.png", attachmentId: "f1" };
    const author = { type: "user" as const, userId: "u" };
    server.happens(ONE, "conversation:message", { message: { id: "m", received: new Date().toISOString(), author, content: image } as never });
    await shown();
    const picture = await screen.findByAltText<HTMLImageElement>("cat.png");
    expect(picture.src).toBe(`${image.mediaUrl}?signature=s`);
  });

  test("nothing that people write acts or loads", async () => {
    const evil = '"><img src=x onerror=alert(1)><script>alert(1)</script>';
    const author = { type: "user" as const, userId: "u", displayName: evil, avatarUrl: "javascript:alert(1)" };
    const item = { title: evil, description: evil, mediaUrl: "javascript:alert(1)", actions: [{ type: "link", text: evil, uri: "javascript:alert(1)" }] };
    const contents = [
      { type: "text", text: evil, actions: [{ type: "link", text: evil, uri: "javascript:alert(1)" }, { type: "reply", text: evil, payload: "x" }] },
      { type: "text", htmlText: `<p onclick="alert(1)">a</p>${evil}<a href="javascript:alert(1)">x</a><style>*{display:none}</style><iframe src="//x"></iframe>` },
      { type: "file", mediaUrl: "javascript:alert(1)", altText: evil },
      { type: "image", mediaUrl: "data:text/html,<script>alert(1)</script>", altText: evil },
      { type: "carousel", items: [item] },
      { type: "list", items: [item], actions: [] },
      { type: "form", fields: [{ type: "text", name: "n", label: evil }] },
      { type: "formResponse", fields: [{ type: "text", name: "n", label: evil, text: evil }] },
      { type: "location", coordinates: { lat: 1, long: 2 }, location: { name: evil, address: evil } },
    ];
    for (const [at, content] of contents.entries()) {
      const references = [{ uri: "javascript:alert(1)", title: evil }];
      server.happens(ONE, "conversation:message", { message: { id: `m${at}`, received: new Date(at * 1000).toISOString(), author, content, references } as never });
    }
    server.happens(ONE, "switchboard:passControl", { conversation: { id: ONE, activeSwitchboardIntegration: { id: "x", name: evil } }, reason: evil });
    await shown();
    const all = [...document.body.querySelectorAll("*")];
    expect(all.filter((one) => /^(script|iframe|style|object|embed)$/i.test(one.tagName))).toEqual([]);
    expect(all.filter((one) => one.getAttributeNames().some((name) => name.startsWith("on")))).toEqual([]);
    const addresses = all.flatMap((one) => [one.getAttribute("href"), one.getAttribute("src")]).filter((one) => one !== null);
    expect(addresses.filter((one) => !/^https?:\/\//.test(one))).toEqual([]);
    expect(all.filter((one) => one.getAttribute("target") === "_blank" && !(one.getAttribute("rel") ?? "").includes("noopener"))).toEqual([]);
    expect(screen.getAllByText(evil).length).toBeGreaterThan(5);
  });
});
