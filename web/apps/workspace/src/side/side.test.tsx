// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, configure, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Rest, RestContext, type Person, type Ticket } from "../rest/index.js";
import { SessionProvider } from "../session/SessionProvider.js";
import { Languages } from "../texts/language.js";
import { HistoryTab } from "./HistoryTab.js";
import { PersonTab } from "./PersonTab.js";
import { TicketTab } from "./TicketTab.js";

// Fields of choice are slow to draw here, and the machine has other work.
configure({ asyncUtilTimeout: 8_000 });
vi.setConfig({ testTimeout: 30_000 });

const POISON = '<img src=x onerror="window.stolen=1">';
const SESSION = { token: "token", agent: { id: "a1", displayName: "Ben", role: "agent", appId: "a" } };
const TICKET = {
  id: 7, subject: "Lamp", description: "", status: "open", priority: null, type: null, requester_id: 2, submitter_id: 2, assignee_id: null, group_id: 1,
  follower_ids: [], tags: ["late"], custom_fields: [{ id: 9, value: null }], satisfaction_rating: { score: "bad", comment: POISON }, problem_id: null,
  has_incidents: false, via_followup_source_id: null, due_at: null, external_id: null, via: { channel: "native_messaging" }, conversation_id: "c",
  session_state: "active", created_at: "2026-11-23T12:00:00Z", updated_at: "2026-11-23T12:00:00Z",
  slas: { policy_metrics: [{ metric: "first_reply_time", stage: "active", breach_at: "2020-01-01T00:00:00Z", target_minutes: 60 }] },
} as unknown as Ticket;
const PERSON = {
  id: 2, messaging_id: "u", name: POISON, email: "amy@example.com", external_id: null, role: "end-user", locale: "fr", photo: null,
  user_fields: { plan: "gold" }, verified: false, created_at: "2026-01-01T00:00:00Z",
} as Person;

/** A server with one ticket, which somebody else may change between two requests. */
class FakeDesk {
  ticket = TICKET;
  puts: Record<string, unknown>[] = [];

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const path = url.split("?")[0] ?? "";
    const said = (body: unknown, status = 200): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status }));
    if (init.method === "PUT") return this.put(JSON.parse(String(init.body)).ticket, said);
    if (path === "/api/v2/tickets/7") return said({ ticket: this.ticket, users: [PERSON] });
    return said(LISTS[path] ?? { error: "RecordNotFound" }, path in LISTS ? 200 : 404);
  };

  private put(change: Record<string, unknown>, said: (body: unknown, status?: number) => Promise<Response>): Promise<Response> {
    this.puts.push(change);
    if (change["updated_stamp"] !== this.ticket.updated_at) return said({ error: "DatabaseConflict", description: "Too late" }, 409);
    const { safe_update: _safe, updated_stamp: _stamp, ...rest } = change;
    this.ticket = { ...this.ticket, ...rest, updated_at: `${this.ticket.updated_at.slice(0, 17)}${10 + this.puts.length}Z` } as Ticket;
    return said({ ticket: this.ticket });
  }

  /** What another agent does at the same time. */
  meanwhile(change: Partial<Ticket>): void {
    this.ticket = { ...this.ticket, ...change, updated_at: "2026-11-23T12:30:00Z" };
  }
}

const LISTS: Record<string, unknown> = {
  "/api/v2/desk/agents": { agents: [{ user_id: 1, account_id: "a1", name: "Ben", group_ids: [1] }] },
  "/api/v2/groups/assignable": { groups: [{ id: 1, name: "Support" }] },
  "/api/v2/ticket_fields": { ticket_fields: [{ id: 9, type: "text", title: "Order", active: true, position: 1 }] },
  "/api/v2/users/2/identities": { identities: [{ id: 21, type: "email", value: "amy@example.com", verified: true, primary: true }] },
  "/api/v2/users/2/tickets/requested": { tickets: [TICKET, { ...TICKET, id: 3, subject: "An older one", conversation_id: null }], count: 2, next_page: null },
  "/api/v2/desk/users/2/conversations": { conversations: [{ id: "c", status: "open", display_name: null, seq: 4, created_at: "2026-01-01", last_at: null }] },
  "/api/v2/tickets/3/comments": {
    comments: [{ id: 1, author_id: 2, body: POISON, html_body: POISON, public: false, created_at: "2026-01-01T00:00:00Z", attachments: [] }],
    users: [PERSON], count: 1, next_page: null,
  },
};

describe("the pane at the side", () => {
  let server: FakeDesk;

  beforeEach(() => {
    server = new FakeDesk();
    vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
    sessionStorage.setItem("causerie.session", JSON.stringify(SESSION));
  });
  afterEach(() => {
    cleanup();
    sessionStorage.clear();
    vi.unstubAllGlobals();
  });

  function shown(what: ReactNode): void {
    const rest = new Rest({ token: () => "token", fetch: server.fetch as typeof fetch });
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    render(
      <Languages>
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <RestContext value={rest}>{what}</RestContext>
          </SessionProvider>
        </QueryClientProvider>
      </Languages>,
    );
  }

  async function addTag(tag: string): Promise<void> {
    const field = await screen.findByLabelText("Add a tag");
    fireEvent.change(field, { target: { value: tag } });
    fireEvent.keyDown(field, { key: "Enter" });
  }

  it("saves what is chosen at once, on what was seen", async () => {
    shown(<TicketTab number={7} />);
    await addTag("VIP");
    screen.getByText("vip"); // before the server has answered
    await screen.findByText("Saved");
    expect(server.puts).toEqual([{ tags: ["late", "vip"], safe_update: true, updated_stamp: "2026-11-23T12:00:00Z" }]);
  });

  it("is not stopped by what somebody else has changed elsewhere in the ticket", async () => {
    shown(<TicketTab number={7} />);
    await screen.findByLabelText("Add a tag");
    server.meanwhile({ priority: "high" });
    await addTag("vip");
    await waitFor(() => expect(server.ticket.tags).toEqual(["late", "vip"]));
    expect(screen.queryByText(/at the same time/)).toBeNull();
    expect(server.puts).toHaveLength(2);
  });

  it("asks whose change it is to be where both have changed the same", async () => {
    shown(<TicketTab number={7} />);
    await screen.findByLabelText("Add a tag");
    server.meanwhile({ tags: ["theirs"] });
    await addTag("vip");
    await screen.findByText("Tags is now theirs.");
    expect(server.ticket.tags).toEqual(["theirs"]);
    fireEvent.click(screen.getByText("Keep mine"));
    await waitFor(() => expect(server.ticket.tags).toEqual(["late", "vip"]));
  });

  it("shows what is late, and what the customer thought, as text", async () => {
    shown(<TicketTab number={7} />);
    await screen.findByText(/late$/, { selector: ".badge" });
    screen.getByText(POISON);
    expect(document.querySelector("img[onerror]")).toBeNull();
  });

  it("shows who it is", async () => {
    shown(<PersonTab person={PERSON} />);
    await screen.findByText("Verified");
    screen.getByText("French");
    screen.getByText("gold");
  });

  it("opens the past to read, and leaves out what is open already", async () => {
    shown(<HistoryTab person={PERSON} here="c" current={7} />);
    fireEvent.click(await screen.findByText("An older one"));
    await screen.findByText("Note");
    expect(screen.getAllByText(POISON).length).toBeGreaterThan(0);
    fireEvent.click(screen.getByText("Back to the history"));
    expect(screen.queryByText("Lamp")).toBeNull();
  });
});
