/* Written by `python -m causerie.reference`: change the code, not this file. */

export interface AcceptFailed {
  conversation: ConversationRef;
  error: Failure;
  metadata?: Record<string, string | number | boolean>;
}

/** Typing or reading. */
export interface Activity {
  type: "conversation:read" | "typing:start" | "typing:stop";
  author: Author;
  source?: Source;
}

/** The customer is there, or is not. */
export interface ActivityChanged {
  ticketId: string;
  active: boolean;
}

export interface ActivityType {
  type: "conversation:delivered" | "conversation:read" | "typing:start" | "typing:stop";
}

export interface AgentPresence {
  connected: boolean;
  id: string;
  reason: string;
  sinceMs: number;
  status: string;
}

/** An agent, as others see them. */
export interface AgentRef {
  id: string;
  displayName?: string;
}

/** The desk knows the agent no more. */
export interface AgentRemoved {
  agentId: string;
}

/** What an agent is, and so to each channel (`channels`, for a status of the app's own). `before` comes back when they do. */
export interface AgentStatusChanged {
  agentId: string;
  status: string;
  reason: string;
  channels?: Record<string, "away" | "offline" | "online">;
  before?: string;
  by?: string;
}

export interface ApplePayload {
  payload: Record<string, unknown>;
  withCapabilities?: ("AUTH2" | "FORM" | "LIST" | "QUICK" | "TIME")[];
}

/** An agent has it. `waited_ms` is how long it waited in the queue. */
export interface Assigned {
  ticketId: string;
  epoch: number;
  agentId: string;
  how: "accepted" | "automatic" | "taken";
  groupId?: number;
  queue?: number;
  conversationId?: string;
  waitedMs?: number;
  fromAgent?: string;
  by?: string;
}

/** Who wrote. `user_id` for users only; `agent_id` names the account behind a business message. */
export interface Author {
  type: "business" | "user";
  subtypes?: string[];
  userId?: string;
  displayName?: string;
  avatarUrl?: string;
  agentId?: string;
}

/** Asks for a payment of `amount`, in the smallest unit of the currency (cents). */
export interface Buy {
  type: "buy";
  text: string;
  metadata?: Record<string, string | number | boolean>;
  amount: number;
  currency?: string;
}

/** `text` is the server's: the fallback where there are no carousels. */
export interface CarouselContent {
  type: "carousel";
  blockChatInput?: boolean;
  items: Item[];
  displaySettings?: DisplaySettings;
  text?: string;
}

export interface ControlAccepted {
  conversation: ConversationRef;
  metadata?: Record<string, string | number | boolean>;
}

export interface ControlOffered {
  conversation: ConversationRef;
  metadata?: Record<string, string | number | boolean>;
}

/** `conversation` is as it is now: its active member has just got control. `reason` is there when nobody asked for it. */
export interface ControlPassed {
  conversation: ConversationRef;
  metadata?: Record<string, string | number | boolean>;
  reason?: string;
}

/** Nobody has control now. `reason` is there when nobody asked for it. */
export interface ControlReleased {
  conversation: ConversationRef;
  metadata?: Record<string, string | number | boolean>;
  reason?: string;
}

export interface ConversationCreated {
  conversation: ConversationDetails;
  creationReason: string;
  source: Source;
  participants?: ParticipantRef[];
  user?: UserRef;
}

/** The conversation with what an update may change. */
export interface ConversationDetails {
  id: string;
  type: "personal" | "sdkGroup";
  metadata?: Record<string, string | number | boolean>;
  isDefault?: boolean;
  displayName?: string;
  description?: string;
  iconUrl?: string;
  activeSwitchboardIntegration?: MemberRef;
  pendingSwitchboardIntegration?: MemberRef;
}

export interface ConversationRead {
  conversation: ConversationRef;
  activity: Activity;
}

/** The specification's truncated conversation, as every event names it. */
export interface ConversationRef {
  id: string;
  type: "personal" | "sdkGroup";
  metadata?: Record<string, string | number | boolean>;
  activeSwitchboardIntegration?: MemberRef;
  pendingSwitchboardIntegration?: MemberRef;
}

export interface ConversationRemoved {
  conversation: ConversationRef;
}

export interface ConversationUpdated {
  conversation: ConversationDetails;
}

/** Degrees. */
export interface Coordinates {
  lat: number;
  long: number;
}

/** Where a message went: the type of a channel, as in `Source`, and the integration. */
export interface DeliveredTo {
  type: string;
  integrationId?: string;
}

/** From here on the desk of this version decides. */
export interface DeskNoted {
  version: number;
}

/** Exactly one of the two: an integration, or whichever integration of a type the user has. */
export interface Destination {
  integrationId?: string;
  integrationType?: string;
}

/** How a carousel shows its images; horizontal if nothing is said. */
export interface DisplaySettings {
  imageAspectRatio?: "horizontal" | "square";
}

export interface EmailAnswer {
  type: "email";
  name: string;
  label: string;
  quotedMessageId?: string;
  email: string;
}

export interface EmailField {
  type: "email";
  name: string;
  label: string;
  placeholder?: string;
  email?: string;
}

/** What was told, by its type. */
export type Event = {
  id: string;
  createdAt: string;
  type: "conversation:create";
  payload: ConversationCreated;
} | {
  id: string;
  createdAt: string;
  type: "conversation:message";
  payload: MessagePosted;
} | {
  id: string;
  createdAt: string;
  type: "causerie:note:create";
  payload: NotePosted;
} | {
  id: string;
  createdAt: string;
  type: "causerie:message:delete";
  payload: MessageDeleted;
} | {
  id: string;
  createdAt: string;
  type: "causerie:messages:delete";
  payload: MessagesDeleted;
} | {
  id: string;
  createdAt: string;
  type: "conversation:read";
  payload: ConversationRead;
} | {
  id: string;
  createdAt: string;
  type: "conversation:message:delivery:user";
  payload: MessageDelivered;
} | {
  id: string;
  createdAt: string;
  type: "causerie:message:delivery:business";
  payload: MessageReceived;
} | {
  id: string;
  createdAt: string;
  type: "causerie:page:visit";
  payload: PageVisited;
} | {
  id: string;
  createdAt: string;
  type: "conversation:postback";
  payload: PostbackSent;
} | {
  id: string;
  createdAt: string;
  type: "conversation:join";
  payload: ParticipantJoined;
} | {
  id: string;
  createdAt: string;
  type: "conversation:leave";
  payload: ParticipantLeft;
} | {
  id: string;
  createdAt: string;
  type: "causerie:participant:replace";
  payload: ParticipantReplaced;
} | {
  id: string;
  createdAt: string;
  type: "causerie:conversation:update";
  payload: ConversationUpdated;
} | {
  id: string;
  createdAt: string;
  type: "conversation:remove";
  payload: ConversationRemoved;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:passControl";
  payload: ControlPassed;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:passControl:failure";
  payload: PassFailed;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:offerControl";
  payload: ControlOffered;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:offerControl:failure";
  payload: OfferFailed;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:acceptControl";
  payload: ControlAccepted;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:acceptControl:failure";
  payload: AcceptFailed;
} | {
  id: string;
  createdAt: string;
  type: "switchboard:releaseControl";
  payload: ControlReleased;
} | {
  id: string;
  createdAt: string;
  type: "causerie:responder:change";
  payload: ResponderAssigned;
} | {
  id: string;
  createdAt: string;
  type: "causerie:status:change";
  payload: StatusChanged;
} | {
  id: string;
  createdAt: string;
  type: "causerie:ticket:open";
  payload: TicketOpened;
} | {
  id: string;
  createdAt: string;
  type: "causerie:ticket:change";
  payload: TicketChanged;
} | {
  id: string;
  createdAt: string;
  type: "causerie:session:change";
  payload: SessionChanged;
} | {
  id: string;
  createdAt: string;
  type: "causerie:session:end";
  payload: SessionEnded;
} | {
  id: string;
  createdAt: string;
  type: "causerie:survey:ask";
  payload: SurveyAsked;
} | {
  id: string;
  createdAt: string;
  type: "causerie:survey:answer";
  payload: SurveyAnswered;
} | {
  id: string;
  createdAt: string;
  type: "conversation:typing";
  payload: TypingChanged;
} | {
  id: string;
  createdAt: string;
  type: "causerie:queue:position";
  payload: QueueMoved;
} | {
  id: string;
  createdAt: string;
  type: "causerie:viewing";
  payload: ViewingChanged;
};

export interface ExtraChannelOptions {
  messenger?: MessengerOptions;
}

/** Why control did not change hands. */
export interface Failure {
  code: string;
  message: string;
}

/** `media_type` and `media_size` (bytes) are the server's, once it knows them. */
export interface FileContent {
  type: "file";
  blockChatInput?: boolean;
  mediaUrl: string;
  altText?: string;
  text?: string;
  htmlText?: string;
  markdownText?: string;
  attachmentId?: string;
  mediaType?: string;
  mediaSize?: number;
}

/** `submitted` is the server's; it is None only before `parse_content` has completed the form. */
export interface FormContent {
  type: "form";
  blockChatInput?: boolean;
  fields: (TextField | EmailField | SelectField)[];
  text?: string;
  submitted?: boolean;
}

/** `text_fallback` is the server's. */
export interface FormResponseContent {
  type: "formResponse";
  fields: (TextAnswer | EmailAnswer | SelectAnswer)[];
  textFallback?: string;
}

/** `media_type` and `media_size` (bytes) are the server's, once it knows them. */
export interface ImageContent {
  type: "image";
  blockChatInput?: boolean;
  mediaUrl: string;
  altText?: string;
  text?: string;
  htmlText?: string;
  markdownText?: string;
  actions?: (Buy | Link | LocationRequest | Postback | Reply | Webview)[];
  attachmentId?: string;
  mediaType?: string;
  mediaSize?: number;
}

/** One card of a carousel, one row of a list. */
export interface Item {
  title: string;
  actions: (Buy | Link | Postback | Webview)[];
  description?: string;
  mediaUrl?: string;
  mediaType?: string;
  altText?: string;
  size?: "compact" | "large";
  metadata?: Record<string, string | number | boolean>;
}

/** How much waits, is offered and is assigned in a queue; the standard one (0) by group. `oldestMs`: since when the oldest waits. */
export interface Line {
  assigned: number;
  group: number | null;
  handing: number;
  offered: number;
  oldestMs?: number;
  queue: number;
  waiting: number;
}

/** Opens a URI outside the conversation. `default`: it is also what a tap on the whole item does, on Messenger. */
export interface Link {
  type: "link";
  text: string;
  metadata?: Record<string, string | number | boolean>;
  uri: string;
  default?: boolean;
  extraChannelOptions?: ExtraChannelOptions;
}

/** `text` is the server's: the fallback where there are no lists. */
export interface ListContent {
  type: "list";
  blockChatInput?: boolean;
  items: Item[];
  actions?: (Buy | Link | Postback | Webview)[];
  text?: string;
}

/** `text` is the server's: the fallback where there are no locations. */
export interface LocationContent {
  type: "location";
  blockChatInput?: boolean;
  coordinates: Coordinates;
  location?: Place;
  text?: string;
}

/** Asks the visitor to share a location. */
export interface LocationRequest {
  type: "locationRequest";
  text: string;
  metadata?: Record<string, string | number | boolean>;
}

/** A switchboard integration, as a conversation names those that have control of it or were offered it. */
export interface MemberRef {
  id: string;
  name: string;
  integrationId?: string;
  integrationType?: string;
}

/** The specification's message. `content`, `quoted_message` and `references` are JSON that was validated at the border. */
export interface Message {
  id: string;
  received: string;
  author: Author;
  content: TextContent | CarouselContent | ListContent | FileContent | FormContent | FormResponseContent | ImageContent | LocationContent | TemplateContent;
  source: Source;
  quotedMessage?: {
    type: string;
    message?: Record<string, unknown>;
    externalMessageId?: string;
  };
  metadata?: Record<string, string | number | boolean>;
  deleted?: boolean;
  references?: Reference[];
  destination?: Destination;
  override?: Override;
  activity?: SystemActivity;
}

export interface MessageDeleted {
  conversation: ConversationRef;
  message: MessageRef;
}

/** A client of the user's has all that the business has written; `message` is the newest of it. */
export interface MessageDelivered {
  conversation: ConversationRef;
  user: UserRef;
  message: MessageRef;
  destination: DeliveredTo;
  isFinalEvent: boolean;
}

export interface MessagePosted {
  conversation: ConversationRef;
  message: Message;
}

/** A client of the business's has all that the customer has written; `message` is the newest of it. */
export interface MessageReceived {
  conversation: ConversationRef;
  message: MessageRef;
}

/** A message by its id alone; `internal` for a note, which is not counted among the messages. */
export interface MessageRef {
  id: string;
  internal?: boolean;
}

export interface MessagesDeleted {
  conversation: ConversationRef;
  reason?: string;
}

/** Passed to Facebook Messenger as is, hence the snake case on the wire. */
export interface MessengerOptions {
  messenger_extensions?: boolean;
  webview_share_button?: "hide";
}

/** A channel's own message, carried unread. */
export interface NativePayload {
  payload: Record<string, unknown>;
}

/** An internal note: agents see it, customers see only that a seq was used. */
export interface NotePosted {
  conversation: ConversationRef;
  message: Message;
}

/** It was not accepted. The agent is not asked again before `again_ms`. */
export interface OfferEnded {
  ticketId: string;
  epoch: number;
  agentId: string;
  reason: "away" | "declined" | "expired" | "removed";
  againMs?: number;
}

export interface OfferFailed {
  conversation: ConversationRef;
  error: Failure;
  metadata?: Record<string, string | number | boolean>;
}

/** An agent is asked. `from_agent` has the work until it is accepted. `by`: who wants to hand it over. */
export interface Offered {
  ticketId: string;
  epoch: number;
  agentId: string;
  untilMs: number;
  conversationId?: string;
  fromAgent?: string;
  by?: string;
}

/** One choice of a select field: `label` is shown, `name` identifies it. */
export interface Option {
  name: string;
  label: string;
}

/** What replaces the content on some channels; at least one. */
export interface Override {
  apple?: ApplePayload;
  line?: NativePayload;
  messenger?: NativePayload;
  whatsapp?: NativePayload;
}

export interface PageEvent {
  event: Event | null;
  seq: number;
}

/** A page of the business's own: its address without query and fragment, and what it is called. */
export interface PageRef {
  url: string;
  title?: string;
}

/** The customer has turned to another page that shows the widget. Never for customers. */
export interface PageVisited {
  conversation: ConversationRef;
  user: UserRef;
  page: PageRef;
}

export interface Participant {
  userExternalId: string | null;
  userId: string;
}

export interface ParticipantJoined {
  conversation: ConversationRef;
  user: UserRef;
  participant: ParticipantRef;
}

export interface ParticipantLeft {
  conversation: ConversationRef;
  user: UserRef;
  participant: ParticipantRef;
}

/** A user's place in a conversation. */
export interface ParticipantRef {
  id: string;
  userId: string;
  userExternalId?: string;
  clientId?: string;
}

/** A known person took the place of an anonymous one who turned out to be them. */
export interface ParticipantReplaced {
  conversation: ConversationRef;
  discarded: UserRef;
  user: UserRef;
  participant: ParticipantRef;
}

export interface PassFailed {
  conversation: ConversationRef;
  error: Failure;
  metadata?: Record<string, string | number | boolean>;
}

export interface Place {
  address?: string;
  name?: string;
}

/** Sends `payload` to the business without a message in the conversation. */
export interface Postback {
  type: "postback";
  text: string;
  metadata?: Record<string, string | number | boolean>;
  payload: string;
}

export interface PostbackSent {
  conversation: ConversationRef;
  postback: PressedPostback;
  user: UserRef;
  source: Source;
}

/** A gateway's sockets. `until_ms`: when it is given up if it says nothing (0: it has gone). */
export interface PresenceNoted {
  gateway: string;
  untilMs: number;
  joined?: string[];
  left?: string[];
  seen?: string[];
}

/** A pressed button: its payload, and the message that offered it. */
export interface PressedPostback {
  payload: string;
  metadata?: Record<string, string | number | boolean>;
  messageId?: string;
}

/** Ephemeral: how many wait before the customer, and for how long, by estimate (None: nobody knows). */
export interface QueueMoved {
  conversation: ConversationRef;
  position: number;
  waitSeconds?: number;
}

/** Work waits. `from_agent` had it, and is not asked for it before `again_ms`; `by` handed it over. */
export interface Queued {
  ticketId: string;
  epoch: number;
  channel: string;
  conversationId?: string;
  queue?: number;
  group?: number;
  priority?: number;
  eligibleMs?: number;
  dueMs?: number;
  skills?: number[];
  active?: boolean;
  why?: "changed" | "new" | "removed" | "returned" | "transferred";
  fromAgent?: string;
  againMs?: number;
  by?: string;
}

/** A source of a bot's answer. */
export interface Reference {
  uri: string;
  title?: string;
  description?: string;
}

/** Posts a message in the visitor's name with the button's text and `payload`. */
export interface Reply {
  type: "reply";
  text: string;
  metadata?: Record<string, string | number | boolean>;
  payload: string;
  iconUrl?: string;
}

/** The customer did something while nobody had control, and the first member got it. */
export interface ResponderAssigned {
  conversation: ConversationRef;
}

/** What was told, by its type. */
export type RoutingEvent = {
  id: string;
  createdAt: string;
  type: "routing:desk";
  payload: DeskNoted;
} | {
  id: string;
  createdAt: string;
  type: "routing:queued";
  payload: Queued;
} | {
  id: string;
  createdAt: string;
  type: "routing:taken";
  payload: Taken;
} | {
  id: string;
  createdAt: string;
  type: "routing:offered";
  payload: Offered;
} | {
  id: string;
  createdAt: string;
  type: "routing:offer_ended";
  payload: OfferEnded;
} | {
  id: string;
  createdAt: string;
  type: "routing:assigned";
  payload: Assigned;
} | {
  id: string;
  createdAt: string;
  type: "routing:withdrawn";
  payload: Withdrawn;
} | {
  id: string;
  createdAt: string;
  type: "routing:activity";
  payload: ActivityChanged;
} | {
  id: string;
  createdAt: string;
  type: "routing:status";
  payload: AgentStatusChanged;
} | {
  id: string;
  createdAt: string;
  type: "routing:agent_removed";
  payload: AgentRemoved;
} | {
  id: string;
  createdAt: string;
  type: "routing:presence";
  payload: PresenceNoted;
};

export interface SelectAnswer {
  type: "select";
  name: string;
  label: string;
  quotedMessageId?: string;
  select: Option[];
}

export interface SelectField {
  type: "select";
  name: string;
  label: string;
  placeholder?: string;
  options: Option[];
  select?: Option[];
}

/** The customer is here, or has not been heard of for a while. */
export interface SessionChanged {
  conversation: ConversationRef;
  session: "active" | "ended" | "inactive" | "none";
}

/** `by` whom; customers see this one. */
export interface SessionEnded {
  conversation: ConversationRef;
  by: "agent" | "user";
}

/** Where a message or an activity came from: `type` is `api`, `web`, `agent`, or the name of a channel. */
export interface Source {
  type: string;
  integrationId?: string;
  originalMessageId?: string;
  originalMessageTimestamp?: string;
}

export interface StatusChanged {
  conversation: ConversationRef;
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved";
}

/** A conversation as a list shows it. */
export interface Summary {
  activeSwitchboardIntegration: SwitchboardIntegration | null;
  displayName: string | null;
  id: string;
  lastUpdatedAt: string | null;
  metadata: Record<string, string | number | boolean> | null;
  participants: Participant[];
  pendingSwitchboardIntegration: SwitchboardIntegration | null;
  seq: number;
  session: "active" | "ended" | "inactive" | "none";
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved";
  ticket: TicketRef | null;
  type: "personal" | "sdkGroup";
  unread: number;
}

/** A message was the answer: a score, or, with `comment`, the comment on it, which is that message's text. */
export interface SurveyAnswered {
  conversation: ConversationRef;
  ticketId: string;
  score: number;
  of: number;
  comment?: boolean;
}

/** The message before this asked the customer for a score of 1 to `of`. What is said to their answers goes along. */
export interface SurveyAsked {
  conversation: ConversationRef;
  ticketId: string;
  of: number;
  why: string;
  thanks: string;
}

/** A member of the switchboard that has control of the conversation, or to which it was offered. */
export interface SwitchboardIntegration {
  id: string;
  integrationId?: string;
  integrationType?: string;
  name: string;
}

/** What a message tells that the system wrote, and nobody said. */
export interface SystemActivity {
  type: "conversation:endedByUser" | "ticket:closed" | "ticket:transfer:email";
}

/** The ticket was given this agent by hand. */
export interface Taken {
  ticketId: string;
  epoch: number;
  channel: string;
  conversationId?: string;
  queue?: number;
  group?: number;
  priority?: number;
  eligibleMs?: number;
  dueMs?: number;
  skills?: number[];
  active?: boolean;
  agentId: string;
  fromAgent?: string;
}

/** A native WhatsApp template, carried unread. */
export interface TemplateContent {
  type: "template";
  blockChatInput?: boolean;
  template: Record<string, unknown>;
}

export interface TextAnswer {
  type: "text";
  name: string;
  label: string;
  quotedMessageId?: string;
  text: string;
  format?: "decimal" | "integer";
}

/** `payload` is that of the reply button which the visitor pressed, if this text came from one. */
export interface TextContent {
  type: "text";
  blockChatInput?: boolean;
  text?: string;
  htmlText?: string;
  markdownText?: string;
  actions?: (Buy | Link | LocationRequest | Postback | Reply | Webview)[];
  payload?: string;
}

/** `min_size` and `max_size` bound the length of the answer, in characters. `text` is the answer, once there is one. */
export interface TextField {
  type: "text";
  name: string;
  label: string;
  placeholder?: string;
  minSize?: number;
  maxSize?: number;
  format?: "decimal" | "integer";
  text?: string;
}

/** What the ticket says of itself. `heard`: the seq of the last event here that it took notice of. */
export interface TicketChanged {
  conversation: ConversationRef;
  ticket: TicketRef;
  heard?: number;
}

/** The agents have the conversation: a new ticket, or the one that there is, again. `followup_of`: the number of the one before. `waiting_ms`: since when the customer waits (Unix milliseconds, 0 if not). `idle_s` and `hand_back` are the app's when it opens. */
export interface TicketOpened {
  conversation: ConversationRef;
  ticket: TicketRef;
  waitingMs?: number;
  agentId?: string;
  followupOf?: number;
  handBack?: "closed" | "never" | "solved";
  idleS?: number;
}

/** A ticket as its conversation knows it. `revision` is the ticket's seq: what is older never undoes what is newer. */
export interface TicketRef {
  id: string;
  number?: number;
  status?: "closed" | "hold" | "new" | "open" | "pending" | "solved";
  assigneeId?: string;
  groupId?: number;
  revision?: number;
}

/** Ephemeral: goes through the stream, is never stored, has no seq. */
export interface TypingChanged {
  conversation: ConversationRef;
  activity: Activity;
}

/** The specification's truncated user. */
export interface UserRef {
  id: string;
  externalId?: string;
  authenticated?: boolean;
}

/** Ephemeral, and never for customers: an agent has the conversation open, or no longer. */
export interface ViewingChanged {
  conversation: ConversationRef;
  agent: AgentRef;
  on: boolean;
}

/** Opens `uri` inside the conversation, or `fallback` where the channel cannot. */
export interface Webview {
  type: "webview";
  text: string;
  metadata?: Record<string, string | number | boolean>;
  uri: string;
  fallback: string;
  default?: boolean;
  extraChannelOptions?: ExtraChannelOptions;
  size?: "compact" | "full" | "tall";
  openOnReceive?: boolean;
}

/** A program's id is that of its key. */
export interface WelcomeAgent {
  displayName: string;
  id: string;
}

export interface WelcomeUser {
  authenticated: boolean;
  externalId: string | null;
  id: string;
}

/** Nobody is needed any more. `agent_id` had it. */
export interface Withdrawn {
  ticketId: string;
  epoch: number;
  agentId?: string;
}

/** What this agent has, or is asked to take until `untilMs`. */
export interface Work {
  active: boolean;
  agentId?: string;
  channel: string;
  conversationId?: string;
  dueMs: number;
  eligibleMs: number;
  group?: number;
  offerId?: string;
  priority: number;
  queue: number;
  sinceMs: number;
  stage: "assigned" | "handing" | "offered" | "waiting";
  ticketId: string;
  untilMs: number;
}

/** Says who it is. The first frame of every client. */
export interface HelloFrame {
  type: "hello";
  token: string;
}

/** Follows a topic. A second one replaces the first. */
export interface SubscribeFrame {
  type: "subscribe";
  topic: string;
  after?: number;
}

/** Stops following a topic. */
export interface UnsubscribeFrame {
  type: "unsubscribe";
  topic: string;
}

/** Posts a message. The same id again gets the first ack. */
export interface MessageFrame {
  type: "message";
  id: string;
  content: TextContent | CarouselContent | ListContent | FileContent | FormContent | FormResponseContent | ImageContent | LocationContent | TemplateContent;
  conversation?: string | null;
  metadata?: Record<string, string | number | boolean> | null;
  destination?: Destination | null;
  references?: Reference[] | null;
  internal?: boolean;
}

/** A visitor presses a button of a message: by its place, its payload or its text. */
export interface PostbackFrame {
  type: "postback";
  id: string;
  conversation: string;
  message: string;
  action: string | number;
}

/** An agent or a program moves control of a conversation. */
export interface ControlFrame {
  type: "control";
  id: string;
  conversation: string;
  action: "accept" | "offer" | "pass" | "release";
  to?: string | null;
  metadata?: Record<string, string | number | boolean> | null;
}

/** An agent or a program says how far a conversation is. */
export interface StatusFrame {
  type: "status";
  id: string;
  conversation: string;
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved";
}

/** The customer (where the app has endSessionEnabled) or an agent says that a conversation is over. */
export interface SessionFrame {
  type: "session";
  id: string;
  conversation: string;
  action: "end";
}

/** Typing; or that all that is there is read, or has arrived on the client's device. */
export interface ActivityFrame {
  type: "activity";
  conversation: string;
  activity: "conversation:delivered" | "conversation:read" | "typing:start" | "typing:stop" | ActivityType;
}

/** A visitor has a page before them. Of its address, which has a host and begins with `http`, query and fragment are not kept. */
export interface VisitFrame {
  type: "visit";
  conversation: string;
  url: string;
  title?: string;
}

/** An agent has a conversation open, or no longer. Said again every 20 s while it is so. */
export interface ViewingFrame {
  type: "viewing";
  conversation: string;
  on: boolean;
}

/** Asks for a page of older events. */
export interface HistoryFrame {
  type: "history";
  id: string;
  conversation: string;
  before?: number | null;
  limit?: number;
}

/** Asks for a pong. */
export interface PingFrame {
  type: "ping";
}

/** An agent says what they are to new work; who supervises, what another is. */
export interface AvailabilityFrame {
  type: "availability";
  id: string;
  status: string;
  agent?: string | null;
}

/** An agent takes the work that was offered. */
export interface AcceptFrame {
  type: "accept";
  id: string;
  ticket: string;
}

/** An agent does not take the work that was offered. */
export interface DeclineFrame {
  type: "decline";
  id: string;
  ticket: string;
}

/** Hands work over to an agent, a group or a queue; with none of them, back to its queue. Whoever names themselves takes it. */
export interface TransferFrame {
  type: "transfer";
  id: string;
  ticket: string;
  agent?: string | null;
  group?: number | null;
  queue?: number | null;
}

/** The token is valid. */
export interface WelcomeFrame {
  agent?: WelcomeAgent;
  now: string;
  type: "welcome";
  user?: WelcomeUser;
}

/** The topic is followed; its events come behind this. Of the inbox with the newest conversations. */
export interface SubscribedFrame {
  after: number;
  conversations?: Summary[];
  position?: number;
  topic: string;
  type: "subscribed";
}

/** Something was committed, or (`seq` is null) somebody types. `position` is that on the inbox. */
export interface EventFrame {
  conversation: string;
  event: Event | null;
  position?: number;
  seq: number | null;
  topic: string;
  type: "event";
}

/** On the inbox, the app's routing as it is; what follows it comes behind this. For agents and programs. */
export interface RoutingFrame {
  agents: AgentPresence[];
  lines: Line[];
  position: number;
  topic: "inbox";
  type: "routing";
  work: Work[];
}

/** On the inbox, something was routed: positions are 1, 2, 3 and so on. For agents and programs. */
export interface RoutedFrame {
  event: RoutingEvent;
  position: number;
  topic: "inbox";
  type: "routed";
}

/** What was said to a conversation is committed: its place there. `seq` is 0 and `message` empty where there was nothing to change. */
export interface AckFrame {
  conversation: string;
  id: string;
  message: string;
  seq: number;
  type: "ack";
}

/** What was said to the routing is committed: its place there, 0 where there was nothing to change. */
export interface RoutingAckFrame {
  id: string;
  position: number;
  type: "ack";
}

/** Older events, ascending. `more`: there are older ones. */
export interface PageFrame {
  conversation: string;
  events: PageEvent[];
  id: string;
  more: boolean;
  type: "page";
}

/** A frame was not carried out. With `retry_after` (seconds) the same frame may be sent again. */
export interface RefusedFrame {
  code: string;
  id: string | null;
  retry_after?: number;
  title: string;
  topic?: string;
  type: "refused";
}

/** Answers ping. */
export interface PongFrame {
  type: "pong";
}

/** The server closes the socket. */
export interface ByeFrame {
  code: string;
  reason: string;
  type: "bye";
}

export type VisitorSays = HelloFrame | SubscribeFrame | UnsubscribeFrame | MessageFrame | PostbackFrame | SessionFrame | ActivityFrame | VisitFrame | HistoryFrame | PingFrame;

export type VisitorHears = WelcomeFrame | SubscribedFrame | EventFrame | AckFrame | PageFrame | RefusedFrame | PongFrame | ByeFrame;

export type AgentSays = HelloFrame | SubscribeFrame | UnsubscribeFrame | MessageFrame | ControlFrame | StatusFrame | SessionFrame | ActivityFrame | ViewingFrame | HistoryFrame | PingFrame | AvailabilityFrame | AcceptFrame | DeclineFrame | TransferFrame;

export type AgentHears = WelcomeFrame | SubscribedFrame | EventFrame | RoutingFrame | RoutedFrame | AckFrame | RoutingAckFrame | PageFrame | RefusedFrame | PongFrame | ByeFrame;
