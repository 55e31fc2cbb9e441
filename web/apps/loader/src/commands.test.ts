import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Command, commandsOf } from "./commands.js";
import { MessengerError, type Widget } from "./widget.js";

/** Notes what it is asked for. */
class Noted {
  readonly calls: unknown[][] = [];
  fails: Error | null = null;
  private note(...call: unknown[]): Promise<string> {
    this.calls.push(call);
    return this.fails === null ? Promise.resolve("done") : Promise.reject(this.fails);
  }
  show = () => void this.note("show");
  hide = () => void this.note("hide");
  open = () => void this.note("open");
  close = () => void this.note("close");
  toggle = () => void this.note("toggle");
  cover = (on: boolean) => void this.note("cover", on);
  zIndex = (value: number) => void this.note("zIndex", value);
  at = (page: unknown) => void this.note("at", page);
  set = (facts: unknown) => void this.note("set", facts);
  delegate = (name: string, work: unknown) => void this.note("delegate", name, work);
  on = (name: string, listener: unknown) => (this.note("on", name, listener), () => this.note("off", name));
  newConversation = (name?: string) => this.note("newConversation", name);
  sendMessage = (content: unknown, conversation?: string) => this.note("sendMessage", content, conversation);
  login = async (source: () => Promise<string>) => this.note("login", await source());
  logout = () => this.note("logout");
}

describe("commands", () => {
  let widget: Noted;
  let zE: Command;

  beforeEach(() => {
    widget = new Noted();
    zE = commandsOf(widget as unknown as Widget);
  });

  test.each(["show", "hide", "open", "close", "toggle"])("messenger %s", (name) => {
    zE("messenger", name);
    expect(widget.calls).toEqual([[name]]);
  });

  test("an event's listener is ended by what `on` gives back", () => {
    const listener = (): void => {};
    (zE("messenger:on", "open", listener) as () => void)();
    expect(widget.calls).toEqual([["on", "open", listener], ["off", "open"]]);
  });

  test("facts are set in the widget's words", () => {
    zE("messenger:set", "locale", "fr");
    zE("messenger:set", "zIndex", "7");
    zE("messenger:set", "cookies", false);
    zE("messenger:set", "conversationFields", [{ id: "order", value: "A-77" }, { id: "bad", value: {} }]);
    zE("messenger:set", "conversationTags", ["vip", 7]);
    zE("messenger:set", "page", { title: "Basket" });
    zE("messenger:set", "page", false);
    expect(widget.calls).toEqual([
      ["set", { locale: "fr" }],
      ["zIndex", 7],
      ["set", { cookies: "none" }],
      ["set", { conversationFields: { order: "A-77" } }],
      ["set", { conversationTags: ["vip", "7"] }],
      ["at", { title: "Basket" }],
      ["at", null],
    ]);
  });

  test("sendMessage finds its callback with and without a conversation", async () => {
    const told = vi.fn();
    zE("messenger", "sendMessage", "hello", "c1", told);
    zE("messenger", "sendMessage", "hello", told);
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(2));
    expect(widget.calls).toEqual([["sendMessage", "hello", "c1"], ["sendMessage", "hello", undefined]]);
    expect(told).toHaveBeenCalledWith({ error: null, value: "done" });
  });

  test("loginUser asks for the JWT by a callback, and says what came of it", async () => {
    const told = vi.fn();
    zE("messenger", "loginUser", (give: (jwt: string) => void) => give("a.b.c"), told);
    await vi.waitFor(() => expect(told).toHaveBeenCalledWith(null));
    expect(widget.calls).toEqual([["login", "a.b.c"]]);
    widget.fails = new MessengerError("unauthorized", "The JWT is not valid");
    zE("messenger", "loginUser", (give: (jwt: string) => void) => give("x"), told);
    const failure = { type: "LoginFailedError", reason: "unauthorized", message: "The JWT is not valid" };
    await vi.waitFor(() => expect(told).toHaveBeenLastCalledWith(failure));
  });

  test("what does not exist is said on the console, and harms nobody", () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const call of [["messenger", "fly"], ["messenger:set", "mood", 1], ["webWidget", "open"], ["messenger:on", "open"]]) zE(...call);
    expect(warned).toHaveBeenCalledTimes(4);
    expect(widget.calls).toEqual([]);
  });
});
