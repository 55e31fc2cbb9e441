/** The messenger's end of the line to the page that shows it. Without a page (opened by itself) nothing is heard, and nothing is lost. */

import { type Facts, GREETING, type Preview, type ToFrame, type ToPage } from "@causerie/bridge";
import { Store } from "@causerie/client";

type Request = Extract<ToFrame, { type: "newConversation" | "sendMessage" | "login" | "logout" }>;

const DELEGATE_MS = 1_500;
const JWT_MS = 30_000;

export class Page {
  readonly facts = new Store<Facts>({});
  /** Whether the messenger is before anybody's eyes. */
  readonly open = new Store(false);
  /** How often the messenger was opened with the wish to write. */
  readonly focus = new Store(0);
  private port: MessagePort | null = null;
  private number = 0;
  private readonly asked = new Map<number, (answer: Extract<ToFrame, { type: "answer" }>) => void>();
  private serve: (request: Request) => Promise<unknown> = () => Promise.reject(new Error("not ready"));
  private readonly early: Request[] = [];
  private ready = false;

  /** Resolves when the page has said who it is, or when there is none. */
  connect(): Promise<void> {
    if (window.parent === window) {
      this.open.set(true);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      window.addEventListener("message", (event) => {
        const [port] = event.ports;
        if (event.source !== window.parent || event.data !== GREETING || port === undefined) return;
        this.port = port;
        port.onmessage = (one: MessageEvent<ToFrame>) => {
          this.hear(one.data);
          resolve();
        };
      });
    });
  }

  /** From now on the page's requests are carried out. */
  answerBy(serve: (request: Request) => Promise<unknown>): void {
    this.serve = serve;
    this.ready = true;
    for (const request of this.early.splice(0)) void this.done(request);
    this.say({ type: "ready" });
  }

  close(): void {
    this.say({ type: "close" });
  }

  unread(count: number, preview: Preview | undefined): void {
    this.say({ type: "unread", count, ...(preview === undefined ? {} : { preview }) });
  }

  visited(): void {
    this.say({ type: "visited" });
  }

  jwt(): Promise<string> {
    return this.ask("jwt", undefined, JWT_MS).then(String);
  }

  /** What the page makes of a message: itself where it has nothing to say, null where it is not to be. */
  async through<T>(what: "display" | "send", value: T): Promise<T | null> {
    if (!this.facts.get().delegates?.[what]) return value;
    try {
      const given = await this.ask(what, value, DELEGATE_MS);
      return given === undefined ? value : (given as T | null);
    } catch {
      return value; // a page that fails must not swallow what people say
    }
  }

  private hear(message: ToFrame): void {
    switch (message.type) {
      case "facts":
        return this.facts.set(message.facts);
      case "opened":
        this.open.set(true);
        return this.focus.set(this.focus.get() + 1);
      case "closed":
        return this.open.set(false);
      case "answer":
        this.asked.get(message.id)?.(message);
        return void this.asked.delete(message.id);
      default:
        if (this.ready) void this.done(message);
        else this.early.push(message);
    }
  }

  private async done(request: Request): Promise<void> {
    try {
      this.say({ type: "done", id: request.id, value: await this.serve(request) });
    } catch (error) {
      const code = (error as { code?: string }).code ?? "unknown";
      this.say({ type: "done", id: request.id, error: { code, message: (error as Error).message } });
    }
  }

  private ask(what: "jwt" | "display" | "send", value: unknown, ms: number): Promise<unknown> {
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${what}: no answer`)), ms);
      this.asked.set(id, (answer) => {
        clearTimeout(late);
        if (answer.error === undefined) resolve(answer.value);
        else reject(new Error(answer.error));
      });
      this.say({ type: "ask", id, what, value });
    });
  }

  private say(message: ToPage): void {
    this.port?.postMessage(message);
  }
}
