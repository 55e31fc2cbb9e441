/** What the server tells by HTTP, as docs/reference/support-api.md and desk-api.md have it. Only what the workspace looks at. */

export type TicketStatus = "new" | "open" | "pending" | "hold" | "solved" | "closed";
export type Priority = "low" | "normal" | "high" | "urgent";
export type TicketType = "problem" | "incident" | "question" | "task";
export type Score = "unoffered" | "offered" | "good" | "bad";
export type FieldValue = string | number | boolean | readonly string[] | null;

export interface Person {
  /** The number, by which `/api/v2` knows them. */
  id: number;
  /** The id, by which the stream knows them. */
  messaging_id: string;
  name: string;
  email: string | null;
  external_id: string | null;
  role: "end-user" | "agent" | "admin";
  locale: string | null;
  photo: { content_url: string } | null;
  user_fields: Record<string, unknown>;
  verified: boolean;
  created_at: string;
}

export interface Identity {
  id: number;
  type: string;
  value: string;
  verified: boolean;
  primary: boolean;
}

export interface PolicyMetric {
  metric: string;
  /** `active`: the clock runs; `paused`: it does not for now; `achieved`: it is over. */
  stage: "active" | "paused" | "achieved";
  /** Past, if it was too late. */
  breach_at: string | null;
  target_minutes: number;
}

export interface Ticket {
  id: number;
  subject: string;
  description: string;
  status: TicketStatus | "deleted";
  priority: Priority | null;
  type: TicketType | null;
  requester_id: number | null;
  submitter_id: number | null;
  assignee_id: number | null;
  group_id: number | null;
  follower_ids: number[];
  tags: string[];
  custom_fields: { id: number; value: FieldValue }[];
  satisfaction_rating: { score: Score; comment?: string; reason?: string };
  problem_id: number | null;
  has_incidents: boolean;
  via_followup_source_id: number | null;
  due_at: string | null;
  external_id: string | null;
  via: { channel: string };
  conversation_id: string | null;
  session_state: "none" | "active" | "inactive" | "ended";
  created_at: string;
  updated_at: string;
  slas?: { policy_metrics: PolicyMetric[] };
}

/** What a ticket is told to be; what is absent stays. */
export interface TicketChange {
  subject?: string;
  status?: TicketStatus;
  priority?: Priority | null;
  type?: TicketType | null;
  assignee_id?: number | null;
  group_id?: number | null;
  follower_ids?: number[];
  tags?: string[];
  custom_fields?: { id: number; value: FieldValue }[];
  comment?: { body?: string; html_body?: string; public?: boolean };
  problem_id?: number | null;
  due_at?: string | null;
}

export interface AuditEvent {
  id: number;
  type: "Create" | "Change" | "Comment" | "CommentPrivacyChange" | "CommentRedactionEvent" | "Notification" | "External" | "ChatEvent";
  field_name?: string;
  value?: unknown;
  previous_value?: unknown;
  body?: string;
  public?: boolean;
  name?: string;
}

export interface Audit {
  id: number;
  created_at: string;
  author_id: number;
  via: { channel: string; source?: { from?: { title?: string }; rel?: string | null } };
  events: AuditEvent[];
}

export interface Comment {
  id: number;
  author_id: number;
  body: string;
  html_body: string;
  public: boolean;
  created_at: string;
  attachments: { id: number; file_name: string; content_url: string; content_type: string | null }[];
}

export interface Field {
  id: number;
  type: string;
  title: string;
  title_in_portal: string;
  description: string;
  position: number;
  active: boolean;
  required: boolean;
  regexp_for_validation: string | null;
  custom_field_options?: { id: number; name: string; value: string }[];
  system_field_options?: { name: string; value: string }[];
}

export interface Group {
  id: number;
  name: string;
  description: string;
  default: boolean;
}

export interface DeskAgent {
  /** The number. */
  user_id: number;
  /** The id, by which the stream knows them. */
  account_id: string;
  name: string;
  role: "agent" | "admin";
  group_ids: number[];
  default_group_id: number | null;
}

export interface Queue {
  id: number;
  name: string;
  description: string | null;
  priority: number;
}

export interface Line {
  queue_id: number | null;
  group_id: number | null;
  name: string | null;
  waiting: number;
  offered: number;
  assigned: number;
  oldest_at: string | null;
}

export interface Waiting {
  ticket: string;
  conversation: string | null;
  channel: string;
  priority: number;
  eligible_at: string;
  due_at: string | null;
}

export interface AgentStatus {
  id: number;
  attributes: { name: string; description?: string };
}

export interface Availability {
  agent_id: number;
  status: { id: number; name: string; reason: string; updated_at: string };
  group_ids: number[];
  connected: boolean;
  channels: { name: string; status: string; max_capacity: number; work_item_count: number }[];
}

export interface View {
  id: number;
  title: string;
  description: string | null;
  active: boolean;
  position: number;
}

export interface ViewCount {
  view_id: number;
  value: number;
}

export interface ViewPage {
  rows: (Record<string, unknown> & { ticket_id: number; ticket: Pick<Ticket, "id" | "subject" | "description" | "status" | "type" | "priority"> })[];
  columns: { id: string | number; title: string }[];
  users: Person[];
  groups: Group[];
  count: number;
  next: number | null;
}

export interface Macro {
  id: number;
  title: string;
  description: string | null;
  active: boolean;
  actions: { field: string; value: unknown }[];
}

/** What a macro would do. Nothing has changed yet. */
export interface MacroResult {
  ticket: Partial<Ticket>;
  comment?: { body: string; html_body: string | null; public: boolean };
}

/** A conversation beside its person and tickets. */
export interface Dossier {
  conversation: Talk;
  /** Null for a conversation of no person, and where they are gone. */
  person: Person | null;
  /** The ticket that it has now. */
  ticket: Ticket | null;
  /** All of its tickets, the newest first. */
  tickets: Ticket[];
}

/** A conversation in a person's past. */
export interface Talk {
  id: string;
  status: TicketStatus | null;
  display_name: string | null;
  seq: number;
  created_at: string;
  last_at: string | null;
}

export type SearchResult =
  | (Ticket & { result_type: "ticket" })
  | (Person & { result_type: "user" })
  | (Group & { result_type: "group" })
  | { result_type: "organization"; id: number; name: string };
