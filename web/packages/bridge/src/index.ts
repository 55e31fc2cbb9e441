/**
 * What the page's side of the widget (the loader) and the messenger in its frame say to each other, over a MessagePort.
 *
 * The port is handed over once, to the frame's own origin; from then on nobody else can speak or listen.
 */

/** The first word, with the port; by it the frame knows its page. */
export const GREETING = "causerie:port";

export interface Customization {
  /** Colours as hexadecimal digits with `#`. */
  brandColor?: string;
  conversationColor?: string;
  actionColor?: string;
  colorScheme?: "light" | "dark" | "auto";
  businessName?: string;
  businessIconUrl?: string;
  /** What stands above an empty conversation. */
  greeting?: string;
  introduction?: string;
}

/** A page that somebody looks at. */
export interface PageView {
  url: string;
  title: string;
}

export type Fields = Record<string, string | number | boolean>;
export type Consent = "all" | "none";

/** Facts that the page sets; the frame gets all of them at once, and each change. */
export interface Facts {
  locale?: string;
  cookies?: Consent;
  conversationFields?: Fields;
  conversationTags?: string[];
  customization?: Customization;
  /** Where the person is; null: that is not to be told. */
  page?: PageView | null;
  /** Which delegates the page has: only those are asked. */
  delegates?: { display: boolean; send: boolean };
}

/** To the frame. What has an `id` is answered by `done`. */
export type ToFrame =
  | { type: "facts"; facts: Facts }
  | { type: "opened"; focus: boolean }
  | { type: "closed" }
  | { type: "newConversation"; id: number; displayName?: string }
  | { type: "sendMessage"; id: number; content: unknown; conversation?: string }
  | { type: "login"; id: number }
  | { type: "logout"; id: number }
  | { type: "answer"; id: number; value: unknown; error?: string };

/** To the page. What has an `ask` is answered by `answer`. */
export type ToPage =
  | { type: "ready" }
  | { type: "close" }
  | { type: "unread"; count: number; preview?: Preview }
  | { type: "done"; id: number; value?: unknown; error?: { code: string; message: string } }
  | { type: "event"; name: string; detail: unknown }
  | { type: "visited" }
  | { type: "ask"; id: number; what: "jwt" | "display" | "send"; value?: unknown };

/** The newest unread message in a few words. */
export interface Preview {
  name: string;
  text: string;
}
