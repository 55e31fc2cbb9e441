/** `zE("messenger", "open")` and its like: the commands that pages know from elsewhere, carried out on our widget. */

import type { Customization, Facts, PageView } from "@causerie/bridge";
import { MessengerError, type Widget } from "./widget.js";

type Callback = (value?: unknown) => void;
export type Command = (...args: unknown[]) => unknown;

const isCallback = (value: unknown): value is Callback => typeof value === "function";

/** The command function of a widget. What it does not know, it says on the console and does not do. */
export function commandsOf(widget: Widget): Command {
  return (target, name, ...rest) => {
    if (target === "messenger") return act(widget, String(name), rest);
    if (target === "messenger:on") return isCallback(rest[0]) ? widget.on(String(name), rest[0]) : unknown(target, name);
    if (target === "messenger:set") return set(widget, String(name), rest[0], rest[1]);
    return unknown(target, name);
  };
}

function unknown(target: unknown, name: unknown): undefined {
  console.warn(`Causerie: there is no ${String(target)} ${String(name)}`);
  return undefined;
}

function act(widget: Widget, name: string, rest: unknown[]): unknown {
  switch (name) {
    case "show":
    case "hide":
    case "open":
    case "close":
    case "toggle":
      return widget[name]();
    case "newConversation":
      return told(widget.newConversation(displayName(rest[0])), rest.find(isCallback));
    case "sendMessage":
      return told(widget.sendMessage(rest[0], typeof rest[1] === "string" ? rest[1] : undefined), rest.find(isCallback));
    case "loginUser":
      return login(widget, rest[0], rest[1]);
    case "logoutUser":
      return told(widget.logout(), rest.find(isCallback));
    default:
      return unknown("messenger", name);
  }
}

/** The page gives its JWT by a callback that gets a callback; what came of it is told to a second one, as an error or as null. */
function login(widget: Widget, source: unknown, then: unknown): void {
  if (!isCallback(source)) return unknown("messenger", "loginUser without a function that gives a JWT");
  const jwt = (): Promise<string> => new Promise((resolve) => source((token: unknown) => resolve(String(token))));
  widget.login(jwt).then(
    () => isCallback(then) && then(null),
    (error: unknown) => isCallback(then) && then(failure(error)),
  );
}

function failure(error: unknown): object {
  const reason = error instanceof MessengerError ? error.reason : "unknown";
  return { type: "LoginFailedError", reason, message: error instanceof Error ? error.message : String(error) };
}

function told(work: Promise<unknown>, then: Callback | undefined): void {
  work.then(
    (value) => then?.({ error: null, value }),
    (error: unknown) => (then === undefined ? console.warn(`Causerie: ${String(error)}`) : then({ error, value: null })),
  );
}

function displayName(given: unknown): string | undefined {
  const name = (given as { displayName?: unknown } | undefined)?.displayName;
  return typeof name === "string" ? name : undefined;
}

function set(widget: Widget, name: string, value: unknown, then: unknown): void {
  switch (name) {
    case "locale":
      widget.set({ locale: String(value) });
      break;
    case "zIndex":
      widget.zIndex(Number(value));
      break;
    case "cover":
      widget.cover(value === true);
      break;
    case "cookies":
      widget.set({ cookies: value === "none" || value === false ? "none" : "all" });
      break;
    case "customization":
      widget.set({ customization: value as Customization });
      break;
    case "conversationFields":
      widget.set({ conversationFields: fields(value) });
      break;
    case "conversationTags":
      widget.set({ conversationTags: Array.isArray(value) ? value.map(String) : [] });
      break;
    case "page":
      widget.at(value === false || value === null ? null : (value as Partial<PageView>));
      break;
    case "beforeMessageDisplay":
      widget.delegate("display", isCallback(value) ? (value as (message: unknown) => unknown) : null);
      break;
    case "beforeMessageSend":
      widget.delegate("send", isCallback(value) ? (value as (message: unknown) => unknown) : null);
      break;
    default:
      return unknown("messenger:set", name);
  }
  if (isCallback(then)) then();
}

/** Ticket fields as pages give them: a list of `{id, value}`, or an object by id. */
function fields(given: unknown): NonNullable<Facts["conversationFields"]> {
  const pairs = Array.isArray(given)
    ? given.map((one: { id: unknown; value: unknown }) => [String(one.id), one.value] as const)
    : Object.entries((given ?? {}) as object);
  const plain = pairs.filter(([, value]) => ["string", "number", "boolean"].includes(typeof value));
  return Object.fromEntries(plain) as NonNullable<Facts["conversationFields"]>;
}
