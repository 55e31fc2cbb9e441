/** The widget on a page: what its owner may ask of it. The frame is fetched when it is first needed, and never before. */

import { type Facts, GREETING, type PageView, type Preview, type ToFrame, type ToPage } from "@causerie/bridge";
import { Launcher } from "./launcher.js";
import { type Looks, looksOf, type Place } from "./settings.js";
import { follow, here } from "./where.js";
import { wordsOf } from "./words.js";

/** What `detail` is, the name of the event says: see widget.d.ts. */
type Listener = (detail: any, event: { id: string; createdAt: string; type: string }) => void;
type Delegate = (message: unknown) => unknown;
interface Call {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}
type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;

/** Why the server, or the messenger, did not do what it was asked. */
export class MessengerError extends Error {
  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "MessengerError";
  }
}

export class Widget {
  private readonly launcher: Launcher;
  private readonly facts: Facts;
  private readonly looks: Promise<Looks>;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly calls = new Map<number, Call>();
  private readonly waiting: ToFrame[] = [];
  private readonly delegates: { display?: Delegate; send?: Delegate } = {};
  private jwt: (() => Promise<string>) | null = null;
  private port: MessagePort | null = null;
  private framed = false;
  /** The frame was there before: it has to be told again what it knew. */
  private reloaded = false;
  private number = 0;
  private wanted = true;
  private unreadCount = 0;

  constructor(private readonly place: Place) {
    const locale = place.locale ?? document.documentElement.lang;
    this.facts = { locale: locale || navigator.language };
    this.looks = looksOf(place);
    this.launcher = new Launcher(place, wordsOf(this.facts.locale ?? ""), () => this.toggle());
    void this.appear();
    follow((page) => this.facts.page !== null && this.set({ page }));
  }

  // -- what the page asks

  show(): void {
    this.wanted = true;
    this.launcher.host.hidden = false;
  }

  hide(): void {
    this.close();
    this.wanted = false;
    this.launcher.host.hidden = true;
  }

  open(): void {
    if (this.launcher.open) return;
    this.show();
    this.frame();
    this.launcher.show(true);
    this.say({ type: "opened", focus: true });
    this.emit("open", undefined);
  }

  close(): void {
    if (!this.launcher.open) return;
    this.launcher.show(false);
    this.say({ type: "closed" });
    this.emit("close", undefined);
  }

  toggle(): void {
    if (this.launcher.open) this.close();
    else this.open();
  }

  on(name: string, listener: Listener): () => void {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    return () => void all.delete(listener);
  }

  newConversation(displayName?: string): Promise<string> {
    this.open();
    return this.call({ type: "newConversation", ...(displayName === undefined ? {} : { displayName }) }) as Promise<string>;
  }

  /** `content` is a text, or a content as the API has it. Resolves when the server has it for good. */
  sendMessage(content: unknown, conversation?: string): Promise<unknown> {
    const given = typeof content === "string" ? { type: "text", text: content } : content;
    return this.call({ type: "sendMessage", content: given, ...(conversation === undefined ? {} : { conversation }) });
  }

  /** `source` gives a JWT, and is asked again when the last one is over. */
  login(source: () => Promise<string>): Promise<unknown> {
    this.jwt = source;
    return this.call({ type: "login" });
  }

  logout(): Promise<unknown> {
    this.jwt = null;
    return this.call({ type: "logout" });
  }

  set(facts: Facts): void {
    Object.assign(this.facts, facts);
    if (facts.locale !== undefined) this.launcher.speak(wordsOf(facts.locale));
    if (facts.cookies === "none") this.remember(false);
    if (facts.customization?.brandColor !== undefined) void this.dress();
    this.say({ type: "facts", facts: this.facts });
  }

  /** Where the person is, by what the page calls it; null: that is not to be told from now on. */
  at(page: Partial<PageView> | null): void {
    this.set({ page: page && { ...here(), ...page } });
  }

  delegate(name: "display" | "send", work: Delegate | null): void {
    if (work === null) delete this.delegates[name];
    else this.delegates[name] = work;
    this.set({ delegates: { display: this.delegates.display !== undefined, send: this.delegates.send !== undefined } });
  }

  cover(on: boolean): void {
    this.launcher.cover(on);
  }

  zIndex(value: number): void {
    this.launcher.vary({ "--z": String(Math.trunc(value)) });
  }

  // -- the frame

  private async appear(): Promise<void> {
    await this.dress();
    const put = (): void => {
      document.body.append(this.launcher.host);
      if (this.framed) this.frameNow();
      else if (this.wasHere()) idle(() => this.frame());
    };
    if (document.body !== null) put();
    else document.addEventListener("DOMContentLoaded", put, { once: true });
  }

  private async dress(): Promise<void> {
    const looks = await this.looks;
    const brandColor = this.facts.customization?.brandColor ?? looks.brandColor;
    this.launcher.dress({ ...looks, brandColor });
  }

  private frame(): void {
    if (this.framed) return;
    this.framed = true;
    if (this.launcher.host.isConnected) this.frameNow();
  }

  private frameNow(): void {
    const frame = document.createElement("iframe");
    frame.title = wordsOf(this.facts.locale ?? "").title;
    frame.allow = `geolocation ${this.place.host}; clipboard-write ${this.place.host}`;
    frame.src = `${this.place.host}/messenger/${this.place.key}`;
    frame.onload = () => this.connect(frame);
    this.launcher.panel.append(frame);
  }

  private connect(frame: HTMLIFrameElement): void {
    const { port1, port2 } = new MessageChannel();
    this.port?.close();
    this.port = port1;
    port1.onmessage = (event: MessageEvent<ToPage>) => this.hear(event.data);
    frame.contentWindow?.postMessage(GREETING, this.place.host, [port2]);
    port1.postMessage({ type: "facts", facts: this.facts } satisfies ToFrame);
    for (const one of this.waiting.splice(0)) port1.postMessage(one);
    if (this.reloaded && this.launcher.open) this.say({ type: "opened", focus: false });
    this.reloaded = true;
  }

  private say(message: ToFrame): void {
    if (this.port !== null) this.port.postMessage(message);
    else if (message.type !== "facts") this.waiting.push(message);
  }

  private call(message: WithoutId<ToFrame>): Promise<unknown> {
    this.frame();
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      this.say({ ...message, id } as ToFrame);
    });
  }

  private hear(message: ToPage): void {
    switch (message.type) {
      case "ready":
        return this.emit("ready", undefined);
      case "close":
        this.close();
        return this.launcher.focus();
      case "visited":
        return this.remember(true);
      case "unread":
        return this.unread(message.count, message.preview);
      case "event":
        return this.emit(message.name, message.detail);
      case "done":
        return this.done(message);
      case "ask":
        return void this.answer(message);
    }
  }

  private unread(count: number, preview?: Preview): void {
    this.launcher.unread(count, preview);
    if (count !== this.unreadCount) this.emit("unreadMessages", count);
    this.unreadCount = count;
  }

  private done(message: Extract<ToPage, { type: "done" }>): void {
    const call = this.calls.get(message.id);
    this.calls.delete(message.id);
    if (message.error === undefined) call?.resolve(message.value);
    else call?.reject(new MessengerError(message.error.code, message.error.message));
  }

  private async answer(message: Extract<ToPage, { type: "ask" }>): Promise<void> {
    try {
      const value = message.what === "jwt" ? await this.jwt?.() : await this.delegates[message.what]?.(message.value);
      this.say({ type: "answer", id: message.id, value });
    } catch (error) {
      this.say({ type: "answer", id: message.id, value: undefined, error: String(error) });
    }
  }

  private emit(name: string, detail: unknown): void {
    const event = { id: `${Date.now().toString(36)}-${++this.number}`, createdAt: new Date().toISOString(), type: name };
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        listener(detail, event);
      } catch (error) {
        setTimeout(() => {
          throw error; // the page's own mistake is the page's to see, and no other listener's
        });
      }
    }
  }

  // -- whether this browser has been here before: then the frame is fetched without waiting for anybody to open it

  private get mark(): string {
    return `causerie:${this.place.key}`;
  }

  private wasHere(): boolean {
    try {
      return this.wanted && localStorage.getItem(this.mark) !== null;
    } catch {
      return false;
    }
  }

  private remember(on: boolean): void {
    try {
      if (on && this.facts.cookies !== "none") localStorage.setItem(this.mark, "1");
      else localStorage.removeItem(this.mark);
    } catch {
      // Storage is forbidden: the next visit is a first one.
    }
  }
}

function idle(work: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 3000 });
  else setTimeout(work, 600);
}
