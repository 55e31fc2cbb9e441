/** The content of messages as the server sends it: what the API's contract calls `content`, `action`, `item` and `field`. */

import type { FileContent, FormContent, FormResponseContent, ImageContent, LocationContent, Message, TextContent } from "@causerie/api/stream";

export type { Buy, CarouselContent, EmailField, FileContent, FormContent, FormResponseContent, ImageContent, Item } from "@causerie/api/stream";
export type { Link, ListContent, LocationContent, LocationRequest, Option as FieldOption, Postback, Reply } from "@causerie/api/stream";
export type { SelectField, TemplateContent, TextContent, TextField, Webview } from "@causerie/api/stream";

export type Metadata = Record<string, string | number | boolean>;
export type Action = NonNullable<TextContent["actions"]>[number];
export type Field = FormContent["fields"][number];
export type Answer = FormResponseContent["fields"][number];
export type Content = Message["content"];

/** What a visitor may send. */
export type OwnContent = TextContent | FileContent | ImageContent | LocationContent | FormResponseContent;

/** The actions of a message in the order by which a postback names them: the message's own, then each item's. */
export function actionsOf(content: Content): Action[] {
  const own = "actions" in content ? (content.actions ?? []) : [];
  const items = "items" in content ? content.items.flatMap((item) => item.actions) : [];
  return [...own, ...items];
}
