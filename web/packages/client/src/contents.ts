/** The content of messages as the server sends it: what the API's contract calls `content`, `action`, `item` and `field`. */

export type Metadata = Record<string, string | number | boolean>;

interface ActionBase {
  text: string;
  metadata?: Metadata;
}
export interface Buy extends ActionBase {
  type: "buy";
  amount: number;
  currency?: string;
}
export interface Link extends ActionBase {
  type: "link";
  uri: string;
}
export interface LocationRequest extends ActionBase {
  type: "locationRequest";
}
export interface Postback extends ActionBase {
  type: "postback";
  payload: string;
}
export interface Reply extends ActionBase {
  type: "reply";
  payload: string;
  iconUrl?: string;
}
export interface Webview extends ActionBase {
  type: "webview";
  uri: string;
  fallback: string;
}
export type Action = Buy | Link | LocationRequest | Postback | Reply | Webview;

export interface Item {
  title: string;
  actions: Action[];
  description?: string;
  mediaUrl?: string;
  mediaType?: string;
  altText?: string;
  size?: "compact" | "large";
}

export interface FieldOption {
  name: string;
  label: string;
}
interface FieldBase {
  name: string;
  label: string;
  placeholder?: string;
}
export interface TextField extends FieldBase {
  type: "text";
  minSize?: number;
  maxSize?: number;
  format?: "integer" | "decimal";
}
export interface EmailField extends FieldBase {
  type: "email";
}
export interface SelectField extends FieldBase {
  type: "select";
  options: FieldOption[];
}
export type Field = TextField | EmailField | SelectField;

interface AnswerBase {
  name: string;
  label: string;
  quotedMessageId?: string;
}
export type Answer =
  | (AnswerBase & { type: "text"; text: string })
  | (AnswerBase & { type: "email"; email: string })
  | (AnswerBase & { type: "select"; select: FieldOption[] });

interface ContentBase {
  blockChatInput?: boolean;
}
interface Rich extends ContentBase {
  text?: string;
  htmlText?: string;
}
export interface TextContent extends Rich {
  type: "text";
  actions?: Action[];
  payload?: string;
}
export interface CarouselContent extends ContentBase {
  type: "carousel";
  items: Item[];
  displaySettings?: { imageAspectRatio?: "horizontal" | "square" };
}
export interface ListContent extends ContentBase {
  type: "list";
  items: Item[];
  actions?: Action[];
}
export interface FileContent extends Rich {
  type: "file";
  mediaUrl: string;
  altText?: string;
  attachmentId?: string;
  mediaType?: string;
  mediaSize?: number;
}
export interface ImageContent extends Rich {
  type: "image";
  mediaUrl: string;
  altText?: string;
  attachmentId?: string;
  mediaType?: string;
  mediaSize?: number;
  actions?: Action[];
}
export interface FormContent extends ContentBase {
  type: "form";
  fields: Field[];
  text?: string;
  submitted?: boolean;
}
export interface FormResponseContent {
  type: "formResponse";
  fields: Answer[];
  textFallback?: string;
}
export interface LocationContent extends ContentBase {
  type: "location";
  coordinates: { lat: number; long: number };
  location?: { address?: string; name?: string };
}
export interface TemplateContent extends ContentBase {
  type: "template";
  template: unknown;
}
export type Content =
  | TextContent
  | CarouselContent
  | ListContent
  | FileContent
  | ImageContent
  | FormContent
  | FormResponseContent
  | LocationContent
  | TemplateContent;

/** What a visitor may send. */
export type OwnContent = TextContent | FileContent | ImageContent | LocationContent | FormResponseContent;

/** The actions of a message in the order by which a postback names them: the message's own, then each item's. */
export function actionsOf(content: Content): Action[] {
  const own = "actions" in content ? (content.actions ?? []) : [];
  const items = "items" in content ? content.items.flatMap((item) => item.actions) : [];
  return [...own, ...items];
}
