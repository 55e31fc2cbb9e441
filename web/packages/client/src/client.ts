/**
 * A visitor's side of the stream, put together: who they are, their conversations, and what they say.
 *
 * `state` is all that a view needs; it is replaced at each change. Nothing here knows of a view.
 */

import { Api, ApiError, type Listed, type Session } from "./api.js";
import { Arrivals } from "./arrivals.js";
import { Connection, type SocketLike, type Status } from "./connection.js";
import type { Metadata, OwnContent } from "./contents.js";
import { type ActivityName, type FromServer, type Message, type Page, topicOf } from "./frames.js";
import { Identity, type JwtSource } from "./identity.js";
import { newId } from "./ids.js";
import { type Draft, type Entry, Outbox } from "./outbox.js";
import type { Shelf } from "./shelf.js";
import { Store } from "./store.js";
import { Tab } from "./tab.js";
import { emptyThread, prepend, quiet, reduce, shortened, type Thread, unread } from "./thread.js";

export interface State {
  status: Status;
  user: Session["user"] | null;
  /** The default conversation, where most things are said; null while it does not exist. */
  main: string | null;
  threads: Readonly<Record<string, Thread>>;
  listed: readonly Listed[];
  entries: readonly Entry[];
  /** Acknowledged, but not yet seen in their conversation. */
  landing: readonly Draft[];
  /** Conversations whose history is on its way. */
  loading: ReadonlySet<string>;
}

export interface ClientOptions {
  api: Api;
  shelf: Shelf;
  locale?: () => string;
  open?: (url: string) => SocketLike;
  now?: () => number;
}

const PAGE = 30;
/** A thread of so many messages is cut to so many. */
const LONG = 200;
const SHORT = 80;
const MAX_FOLLOWED = 20;
const TYPING_AGAIN_MS = 4_000;
/** For so long after what was last said it is told which pages the person looks at. */
const ROUND_MS = 24 * 3_600_000;
const NOBODY: Omit<State, "status" | "entries"> = {
  user: null,
  main: null,
  threads: {},
  listed: [],
  landing: [],
  loading: new Set(),
};

export class Client {
  readonly state: Store<State>;
  readonly identity: Identity;
  readonly connection: Connection;
  readonly outbox: Outbox;
  private readonly asked = new Map<string, string>();
  private readonly typed = new Map<string, number>();
  private readonly lastRead = new Map<string, string>();
  private readonly lastPage = new Map<string, string>();
  private readonly tab: Tab;
  private readonly arrivals = new Arrivals((conversation) => this.arrived(conversation));
  private sweeping: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: ClientOptions) {
    const { api, shelf } = options;
    const prefix = `causerie:${api.integration}:`;
    this.identity = new Identity(api, shelf, `${prefix}session`, options.locale ?? (() => ""), this.now);
    this.connection = new Connection({
      url: api.streamUrl,
      token: (renew) => this.token(renew),
      listen: (frame) => this.listen(frame),
      ...(options.open === undefined ? {} : { open: options.open }),
    });
    this.tab = new Tab(shelf, `${prefix}outbox:`, newId());
    this.outbox = new Outbox(shelf, this.tab.key, (frame) => this.connection.send(frame));
    this.state = new Store<State>({ ...NOBODY, status: "off", entries: this.outbox.entries.get() });
    this.connection.status.watch((status) => this.moved(status));
    this.outbox.entries.watch((entries) => this.set({ entries }));
  }

  /** Go on where the last visit ended, if there was one. */
  resume(): void {
    void this.adopt();
    if (this.identity.current !== null) this.connection.start();
  }

  /** Ends for good; what was not sent stays on the shelf. */
  close(): void {
    clearTimeout(this.sweeping);
    this.arrivals.close();
    this.connection.stop();
    this.tab.end();
  }

  /** Somebody looks again, or the network has changed. */
  wake(): void {
    void this.adopt();
    this.connection.probe();
    if (this.connection.status.get() === "online") this.refresh(); // another tab may have begun a conversation
  }

  // -- what a person does

  /** Raises `Full`. Returns the id under which it waits. */
  send(conversation: string | null, content: OwnContent, metadata?: Metadata): string {
    const id = newId();
    const more = metadata === undefined ? {} : { metadata };
    const at = new Date(this.now()).toISOString();
    this.outbox.add({ kind: "message", id, conversation: conversation ?? this.state.get().main, at, state: "waiting", content, ...more });
    this.connection.start();
    return id;
  }

  press(conversation: string, message: string, action: number): void {
    const at = new Date(this.now()).toISOString();
    this.outbox.add({ kind: "postback", id: newId(), conversation, at, state: "waiting", on: message, action });
  }

  retry(id: string): void {
    this.outbox.retry(id, newId());
  }

  /** The person types, or does not any more. Said now and then, not at each key. */
  typing(conversation: string, on: boolean): void {
    const last = this.typed.get(conversation) ?? 0;
    if (on ? this.now() - last < TYPING_AGAIN_MS : last === 0) return;
    this.typed.set(conversation, on ? this.now() : 0);
    this.act(conversation, on ? "typing:start" : "typing:stop");
  }

  /** The person has what there is before their eyes. */
  read(conversation: string): void {
    const thread = this.state.get().threads[conversation];
    const newest = thread?.messages.at(-1)?.id;
    if (thread === undefined || newest === undefined || unread(thread) === 0 || this.lastRead.get(conversation) === newest) return;
    if (this.act(conversation, "conversation:read")) this.lastRead.set(conversation, newest);
  }

  /** The person has a page before them. Agents see it in a conversation in which something was said of late. */
  visit(conversation: string, url: string, title: string): void {
    const newest = this.state.get().threads[conversation]?.messages.at(-1);
    if (newest === undefined || this.now() - Date.parse(newest.received) > ROUND_MS) return;
    const page = `${url} ${title}`;
    if (this.lastPage.get(conversation) === page) return;
    if (this.connection.send({ type: "visit", conversation, url, title })) this.lastPage.set(conversation, page);
  }

  /** The person says that this is over. False: there is no line to say it by. */
  end(conversation: string): boolean {
    return this.connection.send({ type: "session", id: newId(), conversation, action: "end" });
  }

  /** The page of history before what is known. */
  older(conversation: string): void {
    const thread = this.state.get().threads[conversation];
    if (thread === undefined || !thread.more || this.state.get().loading.has(conversation)) return;
    this.ask(conversation, thread.first);
  }

  /** Whoever is at the newest does not need all that came before: a page of it can be had again. */
  shorten(conversation: string): void {
    const thread = this.state.get().threads[conversation];
    if (thread === undefined || thread.messages.length < LONG || unread(thread) > 0 || this.state.get().loading.has(conversation)) return;
    this.put(shortened(thread, SHORT));
  }

  /** One more conversation. Raises `ApiError`. */
  async create(body: { displayName?: string; metadata?: Metadata } = {}): Promise<string> {
    const made = await this.options.api.newConversation(await this.identity.token(), body);
    this.set({ listed: [made, ...this.state.get().listed], main: made.isDefault ? made.id : this.state.get().main });
    this.follow(made.id);
    this.connection.start();
    return made.id;
  }

  /** Become the person whom the page names. Raises `ApiError`. */
  async login(source: JwtSource): Promise<Session["user"]> {
    const before = this.identity.current?.user.id;
    const session = await this.identity.login(source);
    this.connection.stop();
    if (before !== session.user.id) this.set(NOBODY);
    this.connection.start();
    return session.user;
  }

  async logout(): Promise<void> {
    this.connection.stop();
    this.outbox.clear();
    this.set(NOBODY);
    await this.identity.logout();
  }

  // -- what the server says

  private async token(renew: boolean): Promise<string> {
    const token = await this.identity.token(renew);
    const session = this.identity.current;
    const before = this.state.get().user;
    if (before !== null && session !== null && before.id !== session.user.id) this.set(NOBODY);
    if (session !== null) this.set({ user: session.user, main: this.state.get().main ?? session.conversation });
    return token;
  }

  private moved(status: Status): void {
    this.set({ status });
    this.outbox.connected(status === "online");
    if (status === "online") this.catchUp();
    else this.set({ loading: new Set() });
  }

  /** Each conversation that is known from where it was left; those that are not, from the list. */
  private catchUp(): void {
    this.asked.clear();
    this.lastPage.clear(); // what was told a line that broke may be lost; told twice it counts once
    for (const id of Object.keys(this.state.get().threads)) this.begin(id);
    this.refresh();
  }

  /** The list as it is now. If it cannot be had, the next connection asks again. */
  private refresh(): void {
    this.list().catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
    });
  }

  private async list(): Promise<void> {
    const listed = await this.options.api.conversations(await this.identity.token());
    const main = listed.find((one) => one.isDefault)?.id ?? this.state.get().main;
    this.set({ listed, main });
    for (const one of listed.slice(0, MAX_FOLLOWED)) this.follow(one.id, one.displayName);
  }

  private listen(frame: FromServer): void {
    switch (frame.type) {
      case "event":
        return this.event(frame);
      case "page":
        return this.page(frame);
      case "ack":
        return this.acked(frame);
      case "refused":
        return this.refused(frame);
      default:
        return;
    }
  }

  private event(frame: Extract<FromServer, { type: "event" }>): void {
    const thread = this.state.get().threads[frame.conversation];
    if (thread === undefined) return;
    const message = frame.event?.type === "conversation:message" ? (frame.event.payload.message as Message) : null;
    if (message?.author.type === "user") this.landed(frame.conversation, message);
    if (message?.author.type === "business") this.arrivals.came(frame.conversation);
    this.put(reduce(thread, frame.seq, frame.event, this.now()));
    if (frame.seq === null) this.sweep();
  }

  private arrived(conversation: string): void {
    const thread = this.state.get().threads[conversation];
    const newest = thread?.messages.findLast((one) => one.author.type === "business");
    if (thread === undefined || newest === undefined || unread(thread) === 0 || thread.delivered.has(newest.id)) return;
    this.act(conversation, "conversation:delivered");
  }

  /** If the message is what is under way just now, it is shown once, though its ack is still to come. */
  private landed(conversation: string, message: Message): void {
    const entry = this.outbox.entries.get().find((one) => one.state === "sending");
    const here = entry?.conversation === conversation || entry?.conversation === null;
    if (entry?.kind === "message" && here && isSame(entry.content, message.content)) this.outbox.landed(entry.id, message.id);
  }

  private acked(frame: Extract<FromServer, { type: "ack" }>): void {
    const entry = this.state.get().entries.find((one) => one.id === frame.id);
    const thread = this.state.get().threads[frame.conversation];
    const isThere = thread?.messages.some((one) => one.id === frame.message);
    if (entry?.kind === "message" && !isThere) {
      const landing = [...this.state.get().landing, { ...entry, conversation: frame.conversation, message: frame.message }];
      this.set({ landing, entries: this.state.get().entries.filter((one) => one.id !== entry.id) });
    }
    if (entry?.conversation === null) this.set({ main: frame.conversation });
    this.outbox.acked(frame);
    this.follow(frame.conversation);
    // A conversation that has only now come into being was not in the list when it was asked for.
    if (!this.state.get().listed.some((one) => one.id === frame.conversation)) this.refresh();
  }

  private refused(frame: Extract<FromServer, { type: "refused" }>): void {
    this.outbox.refused(frame);
    const gone = frame.topic?.slice("conversation:".length) ?? (frame.id === null ? undefined : this.asked.get(frame.id));
    if (frame.id !== null) this.asked.delete(frame.id);
    if (gone === undefined) return;
    this.loading(gone, false);
    const thread = this.state.get().threads[gone];
    if (thread !== undefined && frame.retry_after === undefined) this.put({ ...thread, removed: true });
  }

  private page(page: Page): void {
    const thread = this.state.get().threads[page.conversation];
    const isFirst = thread?.last === 0;
    this.asked.delete(page.id);
    this.loading(page.conversation, false);
    if (thread === undefined) return;
    const filled = prepend(thread, page);
    this.put(filled);
    if (unread(filled) > 0) this.arrivals.came(page.conversation);
    if (isFirst) this.subscribe(filled);
  }

  // -- following

  private follow(id: string, name: string | null = null): void {
    const known = this.state.get().threads[id];
    if (known !== undefined) return;
    this.put({ ...emptyThread(id), name });
    this.begin(id);
  }

  private begin(id: string): void {
    const thread = this.state.get().threads[id];
    if (thread === undefined) return;
    if (thread.last === 0) this.ask(id);
    else this.subscribe(thread);
  }

  private subscribe(thread: Thread): void {
    this.connection.send({ type: "subscribe", topic: topicOf(thread.id), after: thread.last });
  }

  private ask(conversation: string, before?: number): void {
    const id = newId();
    const limit = before === undefined ? {} : { before };
    this.asked.set(id, conversation);
    this.loading(conversation, true);
    if (!this.connection.send({ type: "history", id, conversation, limit: PAGE, ...limit })) this.loading(conversation, false);
  }

  private loading(conversation: string, on: boolean): void {
    const loading = new Set(this.state.get().loading);
    if (on) loading.add(conversation);
    else loading.delete(conversation);
    this.set({ loading });
  }

  private put(thread: Thread): void {
    const { threads, landing } = this.state.get();
    const left = landing.filter((one) => one.conversation !== thread.id || !thread.messages.some((shown) => shown.id === one.message));
    this.set({ threads: { ...threads, [thread.id]: thread }, landing: left.length === landing.length ? landing : left });
  }

  private act(conversation: string, activity: ActivityName): boolean {
    return this.connection.send({ type: "activity", conversation, activity });
  }

  /** Whoever has stopped typing without a word is forgotten. */
  private sweep(): void {
    clearTimeout(this.sweeping);
    this.sweeping = setTimeout(() => {
      const threads = Object.values(this.state.get().threads);
      for (const thread of threads) this.put(quiet(thread, this.now()));
      if (Object.values(this.state.get().threads).some((thread) => thread.typists.length > 0)) this.sweep();
    }, 1_000);
  }

  /** What tabs that are gone have left unsent goes out from here. */
  private async adopt(): Promise<void> {
    await this.tab.adopt((key) => this.outbox.adopt(key));
    if (this.outbox.entries.get().length > 0) this.connection.start();
  }

  private readonly now = (): number => (this.options.now ?? Date.now)();

  private set(change: Partial<State>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

/** Whether a message is what was sent; the server completes contents, so only what was sent is compared. */
function isSame(sent: OwnContent, shown: Message["content"]): boolean {
  if (sent.type !== shown.type) return false;
  if ("text" in sent && "text" in shown) return sent.text === shown.text;
  if ("mediaUrl" in sent && "mediaUrl" in shown) return sent.mediaUrl === shown.mediaUrl;
  return true;
}
