/** The messenger without its views: the client, the page around it, files, and which conversation is looked at. */

import { Api, ApiError, type Attachment, browserShelf, Client, type Metadata, MemoryShelf, type OwnContent, type Shelf, type State, Store, unread } from "@causerie/client";
import type { Facts } from "@causerie/bridge";
import { type Config, customized, DEFAULTS, fetchConfig } from "./config.js";
import { Library } from "./library.js";
import { inWords } from "./model.js";
import type { Page } from "./page.js";
import { type Language, languageOf, wishOf } from "./texts/index.js";
import { Uploads } from "./uploads.js";

/** `id` null: a conversation that comes into being by its first message. */
export type View = { name: "list" } | Talk | { name: "help"; before: Talk } | { name: "article"; id: string; before: View };
type Talk = { name: "conversation"; id: string | null };

/** What went wrong, in words, for a while. */
export interface Notice {
  text: string;
  number: number;
}

const NOTICE_MS = 6_000;
const ACK_MS = 60_000;
const FIELD = "dataCapture.ticketField.";
const TAGS = "dataCapture.systemField.tags";

export class Messenger {
  readonly client: Client;
  readonly api: Api;
  readonly uploads: Uploads;
  readonly config = new Store<Config>(DEFAULTS);
  readonly language: Store<Language>;
  readonly view = new Store<View>({ name: "conversation", id: null });
  readonly library: Library;
  readonly notice = new Store<Notice | null>(null);
  private settings: Config = DEFAULTS;
  private attached = "";
  /** Whether the next message begins a conversation beside those that there are. */
  private fresh = false;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    base: string,
    integration: string,
    readonly page: Page,
  ) {
    this.api = new Api(base, integration);
    this.language = new Store(this.spoken(page.facts.get()));
    this.library = new Library(this.api, () => this.wishedLocale());
    const shelf = this.shelf(page.facts.get());
    this.client = new Client({ api: this.api, shelf, locale: () => this.wishedLocale() });
    this.uploads = new Uploads(this.client, base, (upload, attachment) => this.attach(upload.conversation, upload.name, attachment));
  }

  async start(): Promise<void> {
    const fetched = fetchConfig(this.api);
    this.page.facts.watch((facts) => this.told(facts));
    this.client.state.watch((state) => this.changed(state));
    this.page.open.watch(() => {
      this.look();
      this.changed(this.client.state.get());
    });
    this.watchBrowser();
    this.settings = await fetched;
    this.told(this.page.facts.get());
    this.client.resume();
    this.page.answerBy((request) => this.serve(request));
  }

  // -- what a person does

  /** Say something in the conversation that is looked at. */
  async say(content: OwnContent, metadata?: Metadata): Promise<void> {
    try {
      await this.post(content, this.here(), metadata);
    } catch (error) {
      this.complain(error instanceof ApiError && error.status === 0 ? this.language.get().texts.unavailable : this.language.get().texts.tooMany);
    }
  }

  press(conversation: string, message: string, action: number): void {
    this.client.press(conversation, message, action);
  }

  pick(files: Iterable<File>): void {
    const most = this.config.get().attachmentMaxBytes;
    for (const file of files) {
      if (file.size > most) this.complain(this.language.get().texts.fileTooBig(Math.floor(most / 1_000_000)));
      else this.uploads.add(this.here(), file);
    }
  }

  /** Read where the person is, with their leave, and say it. */
  shareLocation(): void {
    const { texts } = this.language.get();
    if (!("geolocation" in navigator)) return this.complain(texts.locationDenied);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => void this.say({ type: "location", coordinates: { lat: coords.latitude, long: coords.longitude } }),
      () => this.complain(texts.locationDenied),
      { timeout: 15_000, maximumAge: 60_000 },
    );
  }

  show(view: View): void {
    this.view.set(view);
    this.look();
  }

  complain(text: string): void {
    this.notice.set({ text, number: Date.now() });
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.notice.set(null), NOTICE_MS);
  }

  /** Somebody looks at what is there: then it is read. */
  look(): void {
    const id = this.seen();
    if (id !== null) this.client.read(id);
  }

  /** The conversation that is before somebody's eyes just now. */
  private seen(): string | null {
    return this.page.open.get() && document.visibilityState === "visible" ? this.here() : null;
  }

  /** The conversation that is looked at; null while it does not exist. */
  here(): string | null {
    const view = this.view.get();
    if (view.name !== "conversation") return null;
    return view.id ?? (this.fresh ? null : this.client.state.get().main);
  }

  /** The help centre, with what was looked for last. */
  help(): void {
    const view = this.view.get();
    const before: View = view.name === "conversation" ? view : { name: "conversation", id: null };
    this.show({ name: "help", before });
  }

  /** Read an article here. */
  read(id: string): void {
    this.show({ name: "article", id, before: this.view.get() });
  }

  /** From the help centre on to people: to the conversation before it. */
  contact(): void {
    let view = this.view.get();
    while (view.name === "help" || view.name === "article") view = view.before;
    this.go(view.name === "conversation" ? view : { name: "conversation", id: null });
    this.page.focus.set(this.page.focus.get() + 1);
  }

  begin(): void {
    this.fresh = this.client.state.get().main !== null;
    this.show({ name: "conversation", id: null });
  }

  /** Back from the list, or from a conversation to it. */
  go(view: View): void {
    this.fresh = false;
    this.show(view);
  }

  // -- what the page does

  private async serve(request: Parameters<Parameters<Page["answerBy"]>[0]>[0]): Promise<unknown> {
    switch (request.type) {
      case "login":
        return this.client.login(() => this.page.jwt());
      case "logout":
        this.go({ name: "conversation", id: null });
        return this.client.logout();
      case "newConversation": {
        const id = await this.client.create(request.displayName === undefined ? {} : { displayName: request.displayName });
        this.go({ name: "conversation", id });
        return id;
      }
      case "sendMessage":
        return this.settled(await this.post(request.content as OwnContent, request.conversation ?? this.here()));
    }
  }

  /** Resolves when the server has acknowledged a message, and rejects when it has refused it. */
  private settled(id: string | null): Promise<unknown> {
    if (id === null) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new ApiError(0, "waiting", "The message still waits to be sent")), ACK_MS);
      const stop = this.client.outbox.entries.watch((entries) => {
        const entry = entries.find((one) => one.id === id);
        if (entry !== undefined && entry.state !== "failed") return;
        stop();
        clearTimeout(late);
        if (entry === undefined) resolve(null);
        else reject(new ApiError(400, entry.code ?? "unknown", "The message was refused"));
      });
    });
  }

  private async post(content: OwnContent, conversation: string | null, metadata?: Metadata): Promise<string | null> {
    const allowed = await this.page.through("send", content);
    if (allowed === null) return null;
    const where = conversation ?? (this.fresh ? await this.client.create() : null);
    if (this.fresh && where !== null) this.go({ name: "conversation", id: where });
    this.page.visited();
    const all = { ...this.facts(), ...metadata };
    return this.client.send(where, allowed, Object.keys(all).length > 0 ? all : undefined);
  }

  /** The page's fields and tags go with the first message after they were set. */
  private facts(): Metadata {
    const { conversationFields = {}, conversationTags = [] } = this.page.facts.get();
    const fields = Object.entries(conversationFields).map(([name, value]) => [FIELD + name, value] as const);
    const all = [...fields, ...(conversationTags.length > 0 ? [[TAGS, conversationTags.join(",")] as const] : [])];
    const seen = JSON.stringify(all);
    if (seen === this.attached) return {};
    this.attached = seen;
    return Object.fromEntries(all);
  }

  private told(facts: Facts): void {
    this.config.set(customized(this.settings, facts.customization));
    const spoken = this.spoken(facts);
    if (spoken.locale !== this.language.get().locale) this.language.set(spoken);
    this.tellPage();
  }

  /** Where the person is, to those in the conversation that they look at. */
  private tellPage(): void {
    const { page, cookies } = this.page.facts.get();
    const id = this.here();
    if (page && cookies !== "none" && id !== null) this.client.visit(id, page.url, page.title);
  }

  private spoken(facts: Facts): Language {
    return languageOf(facts.locale, ...navigator.languages);
  }

  private wishedLocale(): string {
    return wishOf(this.page.facts.get().locale, navigator.language);
  }

  private shelf(facts: Facts): Shelf {
    return facts.cookies === "none" ? new MemoryShelf() : browserShelf(() => localStorage);
  }

  private attach(conversation: string | null, name: string, attachment: Attachment): void {
    const type = attachment.mediaType.startsWith("image/") ? "image" : "file";
    const content: OwnContent = { type, mediaUrl: attachment.mediaUrl, altText: name.slice(0, 128), attachmentId: attachment.id };
    void this.post(content, conversation);
  }

  // -- what happens

  private changed(state: State): void {
    this.look();
    this.tellPage();
    if (state.user !== null) this.page.visited();
    const { texts } = this.language.get();
    const seen = this.seen();
    const all = Object.values(state.threads).filter((thread) => thread.id !== seen);
    const missing = state.listed.filter((one) => state.threads[one.id] === undefined);
    const count = all.reduce((sum, thread) => sum + unread(thread), 0) + missing.reduce((sum, one) => sum + one.unreadCount, 0);
    const newest = all
      .flatMap((thread) => thread.messages.filter((one) => one.author.type === "business" && one.received > thread.ownRead))
      .reduce<null | (typeof all)[number]["messages"][number]>((last, one) => (last === null || one.received > last.received ? one : last), null);
    const preview = newest && { name: newest.author.displayName ?? texts.agent, text: inWords(newest.content, texts) };
    this.page.unread(count, preview ?? undefined);
  }

  private watchBrowser(): void {
    window.addEventListener("online", () => this.client.wake());
    window.addEventListener("offline", () => this.client.connection.lost());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return;
      this.client.wake();
      this.look();
    });
    window.addEventListener("pageshow", (event) => event.persisted && this.client.wake());
  }
}
