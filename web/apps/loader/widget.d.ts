/** The types of `/widget.mjs`. */

export interface Options {
  /** The id of a web integration. */
  key: string;
  /** The server's address; without it, the one that the module came from. */
  host?: string;
  /** A BCP 47 tag; without it, the page's language. */
  locale?: string;
  position?: "left" | "right";
}

export interface Customization {
  brandColor?: string;
  conversationColor?: string;
  actionColor?: string;
  colorScheme?: "light" | "dark" | "auto";
  businessName?: string;
  businessIconUrl?: string;
  greeting?: string;
  introduction?: string;
}

export interface MessengerEvent {
  id: string;
  createdAt: string;
  type: string;
}

export interface Facts {
  locale?: string;
  cookies?: "all" | "none";
  conversationFields?: Record<string, string | number | boolean>;
  conversationTags?: string[];
  customization?: Customization;
}

/** What agents see of where a person is. Of the address query and fragment are not kept. */
export interface PageView {
  url: string;
  title: string;
}

export interface Messenger {
  show(): void;
  hide(): void;
  open(): void;
  close(): void;
  toggle(): void;
  cover(on: boolean): void;
  zIndex(value: number): void;
  set(facts: Facts): void;
  /** Tells which page is looked at, where the browser cannot see that it is another one; null: it is not to be told. */
  at(page: Partial<PageView> | null): void;
  /** The returned function ends it. */
  on(name: "unreadMessages", listener: (count: number, event: MessengerEvent) => void): () => void;
  on(name: "open" | "close" | "ready", listener: (detail: undefined, event: MessengerEvent) => void): () => void;
  /** The id of the conversation that was begun. */
  newConversation(displayName?: string): Promise<string>;
  sendMessage(content: string | object, conversation?: string): Promise<unknown>;
  login(source: () => Promise<string>): Promise<unknown>;
  logout(): Promise<unknown>;
  /** What `display` gives back is shown in the message's place; null: it is not shown. `send` likewise, before a message goes out. */
  delegate(name: "display" | "send", work: ((message: any) => unknown) | null): void;
}

export declare class MessengerError extends Error {
  readonly reason: string;
}

export declare function messenger(options: Options): Messenger;
