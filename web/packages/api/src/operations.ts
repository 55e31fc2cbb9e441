/* Written by `python -m causerie.reference`: change the code, not this file. */

/** What a rule does: a field of the table in `domain.desk.actions`, and its value. */
export interface Action {
  field: string;
  value?: unknown;
}

export interface ActionShown {
  field: string;
  value: unknown;
}

export interface AgentBody {
  email: string;
  password: string;
  appId?: string | null;
}

/** What an agent is to one channel, and how much of it they have. */
export interface AgentChannel {
  attributes: ChannelAttributes;
  id: string;
  type: "channels";
}

export interface AgentSession {
  agent: AgentShown;
  token: string;
}

/** A program has an id and an app alone; its id is that of its key. */
export interface AgentShown {
  appId: string;
  displayName?: string;
  id: string;
  role?: "admin" | "agent";
}

/** One of the app's own. What it is to each channel. */
export interface AgentStatus {
  channels: Record<string, "away" | "offline" | "online">;
  created_at: string;
  description: string | null;
  id: number;
  name: string;
  updated_at: string;
  url: string;
}

/** An article in one language. `name` is its title too. */
export interface Article {
  author_id: number | null;
  body: string;
  comments_disabled: boolean;
  content_tag_ids: string[];
  created_at: string;
  draft: boolean;
  edited_at: string;
  html_url: string;
  id: number;
  label_names: string[];
  locale: string;
  name: string;
  outdated: boolean;
  outdated_locales: string[];
  permission_group_id: number;
  position: number;
  promoted: boolean;
  section_id: number;
  source_locale: string;
  title: string;
  translations?: Translation[];
  updated_at: string;
  url: string;
  user_segment_id: number | null;
  user_segment_ids: number[];
  vote_count: number;
  vote_sum: number;
}

/** Who is no agent is not told their address. */
export interface ArticleAuthor {
  active?: boolean;
  email?: string;
  id: number;
  name: string;
  role: string;
  url: string;
  verified?: boolean;
}

export interface ArticleBody {
  locale?: string | null;
  title?: string | null;
  body?: string | null;
  name?: string | null;
  description?: string | null;
  draft?: boolean;
  outdated?: boolean;
  section_id?: number | null;
  author_id?: number | null;
  position?: number | null;
  promoted?: boolean;
  comments_disabled?: boolean;
  label_names?: string[] | null;
  user_segment_id?: number | null;
  translations?: WordsBody[];
}

export interface ArticleLabel {
  id: number;
  name: string;
  url: string;
}

/** `parts` of its text, each with whether it is a word of the question; none where nothing was asked. */
export interface ArticleLine {
  id: string;
  locale: string;
  parts: unknown[][];
  title: string;
}

/** `body` is HTML; `url` is where it stands in the help centre. */
export interface ArticleToRead {
  body: string;
  id: string;
  locale: string;
  title: string;
  updatedAt: string;
  url: string;
}

/** `mediaUrl` goes into a message. `link` opens a private one for a while. */
export interface Attachment {
  access: "private" | "public";
  height?: number;
  id: string;
  link?: SignedLink;
  mediaSize: number;
  mediaType: string;
  mediaUrl: string;
  name: string;
  width?: number;
}

export interface Attribute {
  created_at: string;
  id: string;
  name: string;
  updated_at: string;
  url: string;
}

/** A skill. */
export interface AttributeValue {
  attribute_id: string;
  conditions: ConditionsShown;
  created_at: string;
  id: string;
  name: string;
  updated_at: string;
  url: string;
}

/** One event of a ticket. */
export interface Audit {
  author_id: number;
  created_at: string;
  events: AuditEvent[];
  id: number;
  metadata: Record<string, unknown>;
  ticket_id: number;
  via: Via;
}

/** What was said, one field that changed, what a rule sent, or a comment of which less is left. */
export interface AuditEvent {
  attachments?: unknown[];
  audit_id?: number;
  author_id?: number;
  body?: string;
  comment_id?: number;
  field_name?: string;
  html_body?: string;
  id: number;
  name?: string;
  plain_body?: string;
  previous_value?: unknown;
  public?: boolean;
  resource?: string;
  subject?: string;
  type: "Change" | "ChatEvent" | "Comment" | "CommentPrivacyChange" | "CommentRedactionEvent" | "Create" | "External" | "Notification";
  value?: unknown;
  via?: NoticeVia;
}

/** A change of what is set up. `actor_id` is -1 for a program. */
export interface AuditLog {
  action: "create" | "destroy" | "update";
  action_label: string;
  actor_id: number;
  actor_name: string;
  change_description: string;
  created_at: string;
  id: number;
  ip_address: null;
  source_id: number;
  source_label: string;
  source_type: string;
  url: string;
}

/** How a webhook is told who calls. `data`: `username` and `password`, `token`, or `name` and `value` of a header. */
export interface AuthenticationBody {
  type: "api_key" | "basic_auth" | "bearer_token";
  data: Record<string, string>;
}

export interface Automation {
  actions: ActionShown[];
  active: boolean;
  conditions: ConditionsShown;
  created_at: string;
  default: boolean;
  id: number;
  position: number;
  raw_title: string;
  title: string;
  updated_at: string;
  url: string;
}

/** What an agent is to new work. */
export interface Availability {
  attributes: AvailabilityAttributes;
  id: string;
  links: Self;
  relationships: Relationships;
  type: "agent_availabilities";
}

export interface AvailabilityAttributes {
  agent_id: number;
  agent_status: StatusShown;
  connected: boolean;
  group_ids: number[];
  skills: SkillName[];
  version: number;
}

export interface BotDay {
  began: number;
  bot: number;
  day: string;
  handed_over: number;
  solved: number;
}

/** What is live at once: versions by flow. */
export interface BotRelease {
  created_at: string | null;
  created_by: string;
  flows: Record<string, number>;
  live: boolean;
  note: string;
  number: number;
}

export interface BotReport {
  rows: BotDay[];
  total: BotTotal;
}

/** `resolution_rate` is the percentage that ended solved. */
export interface BotTotal {
  began: number;
  bot: number;
  handed_over: number;
  resolution_rate: number | null;
  solved: number;
}

/** What the API call of a step answers: values by variable, or an error. */
export interface CallAnswer {
  step: string;
  values?: Record<string, string | number | boolean | null>;
  status?: number;
  error?: string;
}

/** An API call as its author sees it; secrets are still by reference. */
export interface Called {
  flow: string;
  step: string;
  method: string;
  url: string;
  status: number;
  error: string | null;
  made: boolean;
}

/** How much of each channel an agent has at most. */
export interface CapacityRule {
  created_at: string;
  description: string | null;
  id: number;
  idle_weight: number;
  is_default: boolean;
  limits: Record<string, number>;
  name: string;
  updated_at: string;
  url: string;
  weights: Record<string, number>;
}

export interface Category {
  created_at: string;
  description: string;
  html_url: string;
  id: number;
  locale: string;
  name: string;
  outdated: boolean;
  position: number;
  source_locale: string;
  translations?: Translation[];
  updated_at: string;
  url: string;
}

export interface CategoryBody {
  locale?: string | null;
  title?: string | null;
  body?: string | null;
  name?: string | null;
  description?: string | null;
  draft?: boolean;
  outdated?: boolean;
  position?: number | null;
  translations?: WordsBody[];
}

export interface ChannelAttributes {
  max_capacity: number;
  name: string;
  status: string;
  updated_at: string;
  work_item_count: number;
}

export interface ChannelName {
  id: string;
  type: "channels";
}

export interface ChannelNames {
  data: ChannelName[];
}

export interface Column {
  id: string | number;
  title: string;
}

/** What was said on a ticket: a comment, or a message of its conversation. */
export interface Comment {
  attachments: CommentFile[];
  audit_id: number | null;
  author_id: number;
  body: string;
  created_at: string;
  html_body: string;
  id: number;
  metadata: Record<string, unknown>;
  plain_body: string;
  public: boolean;
  type: "Comment";
  via: Via;
}

export interface CommentBody {
  body?: string | null;
  html_body?: string | null;
  public?: boolean;
  author_id?: number | null;
  uploads?: string[] | null;
  value?: string | null;
  created_at?: string | null;
}

/** A file of a comment. What came as a message has fewer fields. */
export interface CommentFile {
  content_type: string | null;
  content_url: string;
  deleted?: boolean;
  file_name: string;
  height?: number | null;
  id: number;
  inline: boolean;
  mapped_content_url?: string;
  size?: number;
  thumbnails?: unknown[];
  url?: string;
  width?: number | null;
}

/** A test of one fact, as Zendesk's rules write it. `domain.desk.conditions` checks it, and makes of `value` what is compared. */
export interface Condition {
  field: string;
  operator: string;
  value?: unknown;
}

/** Values are text. */
export interface ConditionShown {
  field: string;
  operator: string;
  value: unknown;
}

/** All of `all`, and, if there are any, one of `any`. */
export interface Conditions {
  all?: Condition[];
  any?: Condition[];
}

/** All of the first must hold, and one of the others. */
export interface ConditionsShown {
  all: ConditionShown[];
  any: ConditionShown[];
}

export interface ConversationBody {
  displayName?: string | null;
  metadata?: Record<string, string | number | boolean> | null;
}

/** `linked`: also the templates that it leads to, as far as there are no such flows yet. */
export interface CopyBody {
  id?: string | null;
  name?: string | null;
  linked?: boolean;
}

export interface Count {
  refreshed_at: string | null;
  value: number;
}

/** `version`: a number, `draft` or `live`. Without `say`, control comes to the bot before the customer has said anything. */
export interface CreateBody {
  flow: string;
  version?: number | "draft" | "live";
  locale?: string | null;
  channel?: string;
  profile?: Record<string, string>;
  at?: string | null;
  say?: string | null;
  calls?: CallAnswer[];
  searches?: SearchAnswer[];
  real_calls?: boolean;
}

export interface CursorLinks {
  next: string | null;
  prev: string | null;
}

/** `has_more`: in the direction in which the list was read. */
export interface CursorMeta {
  after_cursor: string | null;
  before_cursor: string | null;
  has_more: boolean;
}

/** What a form for a rule offers for one field; conditions have operators. */
export interface Definition {
  group: string;
  nullable: boolean;
  operators?: Operator[];
  repeatable: boolean;
  subject: string;
  title: string;
  type: string;
  values: DefinitionValue[];
}

export interface DefinitionValue {
  enabled: boolean;
  title: string;
  value: unknown;
}

export interface Definitions {
  actions?: Definition[];
  all?: Definition[];
  any?: Definition[];
  conditions_all?: Definition[];
  conditions_any?: Definition[];
}

export interface DeletedTicket {
  actor: Record<string, unknown>;
  deleted_at: string;
  description: string;
  id: number;
  previous_state: "closed" | "hold" | "new" | "open" | "pending" | "solved";
  subject: string;
}

/** Who is not there any more. Without a name of their own, they are told by their number. */
export interface DeletedUser {
  active: false;
  created_at: string;
  email: null;
  id: number;
  locale: null;
  name: string;
  organization_id: null;
  phone: null;
  photo: null;
  role: "admin" | "agent" | "end-user";
  shared: boolean;
  time_zone: null;
  updated_at: string;
  url: string;
}

/** `account_id` is the one by which the stream knows them. */
export interface DeskAgent {
  account_id: string;
  capacity_rule_id: number | null;
  default_group_id: number | null;
  group_ids: number[];
  name: string;
  role: "admin" | "agent";
  skill_ids: string[];
  url: string;
  user_id: number;
}

/** What kind of skill it is: a language, a product. */
export interface DeskAttributeBody {
  name?: string | null;
}

export interface DeskAutomationBody {
  title?: string | null;
  conditions?: Conditions | null;
  actions?: Action[] | null;
  active?: boolean | null;
}

export interface DeskCapacityBody {
  name?: string | null;
  limits?: Record<string, number> | null;
  weights?: Record<string, number> | null;
  idle_weight?: number | null;
  description?: string | null;
  is_default?: boolean | null;
}

export interface DeskCategoryBody {
  name?: string | null;
}

export interface DeskFieldBody {
  title?: string | null;
  type?: "checkbox" | "date" | "decimal" | "integer" | "multiselect" | "regexp" | "tagger" | "text" | "textarea" | "assignee" | "description" | "group" | "priority" | "status" | "subject" | "tickettype" | null;
  description?: string | null;
  agent_description?: string | null;
  title_in_portal?: string | null;
  active?: boolean | null;
  required?: boolean | null;
  required_in_portal?: boolean | null;
  visible_in_portal?: boolean | null;
  editable_in_portal?: boolean | null;
  regexp_for_validation?: string | null;
  tag?: string | null;
  custom_field_options?: OptionBody[] | null;
}

export interface DeskGroupBody {
  name?: string | null;
  description?: string | null;
  default?: boolean | null;
}

export interface DeskHolidayBody {
  id?: number | null;
  name?: string | null;
  start_date?: string | null;
  end_date?: string | null;
}

export interface DeskMacroBody {
  title?: string | null;
  actions?: Action[] | null;
  active?: boolean | null;
  description?: string | null;
  restriction?: RestrictionBody | null;
}

export interface DeskOptionBody {
  name?: string | null;
  value?: string | null;
  id?: number | null;
}

export interface DeskPolicyBody {
  title?: string | null;
  filter?: Conditions | null;
  policy_metrics?: MetricBody[] | null;
  description?: string | null;
  schedule_id?: number | null;
}

export interface DeskQueueBody {
  name?: string | null;
  definition?: Conditions | null;
  description?: string | null;
  priority?: number | null;
  primary_groups_id?: number[] | null;
  secondary_groups_id?: number[] | null;
  overflow_after_s?: number | null;
}

/** `time_zone` is a name of the IANA database; `country` and `region` close it on their public holidays. */
export interface DeskScheduleBody {
  name?: string | null;
  time_zone?: string | null;
  intervals?: IntervalBody[] | null;
  holidays?: HolidayBody[] | null;
  country?: string | null;
  region?: string | null;
}

export interface DeskSettings {
  routing: Routing;
  tickets: Tickets;
}

/** A value of an attribute. Tickets that meet the conditions need it; without conditions none does. */
export interface DeskSkillBody {
  name?: string | null;
  attribute?: number | null;
  conditions?: Conditions | null;
}

export interface DeskStatusBody {
  name?: string | null;
  channels?: Record<string, "away" | "offline" | "online"> | null;
  description?: string | null;
}

export interface DeskTriggerBody {
  title?: string | null;
  conditions?: Conditions | null;
  actions?: Action[] | null;
  active?: boolean | null;
  description?: string | null;
  category_id?: string | null;
  event?: "conversation_requested" | "create" | "message_sent" | "queue_added" | "queue_assigned" | "update" | null;
}

export interface DeskViewBody {
  title?: string | null;
  conditions?: Conditions | null;
  output?: OutputBody | null;
  active?: boolean | null;
  description?: string | null;
  restriction?: RestrictionBody | null;
}

/** What rules call. `custom_headers` go along as they are. */
export interface DeskWebhookBody {
  name?: string | null;
  endpoint?: string | null;
  http_method?: "DELETE" | "GET" | "PATCH" | "POST" | "PUT" | null;
  request_format?: "form_encoded" | "json" | "xml" | null;
  status?: "active" | "inactive" | null;
  description?: string | null;
  authentication?: AuthenticationBody | null;
  custom_headers?: Record<string, string> | null;
}

export interface DraftBody {
  flow: unknown;
  revision?: number | null;
}

export interface EmailField {
  type: "email";
  name: string;
  label: string;
  placeholder?: string;
  email?: string;
}

/** Of a command that changed nothing. */
export interface EmptyAudit {
  created_at: string;
  events: AuditEvent[];
  id: number;
  ticket_id: number;
}

/** The flow that greets: that of the integration, else that of the channel, else `flow`. */
export interface Entry {
  flow: string;
  integrations?: Record<string, string>;
  channels?: Record<string, string>;
}

/** Exactly one of the first four. `calls` and `searches` replace what was answered at their steps so far. */
export interface EventBody {
  say?: string | null;
  press?: string | null;
  answers?: Record<string, string> | null;
  after_seconds?: number | null;
  calls?: CallAnswer[];
  searches?: SearchAnswer[];
}

/** How a view shows tickets. */
export interface Execution {
  columns: Column[];
  custom_fields: unknown[];
  fields: Column[];
  group: Order | null;
  group_by: string | null;
  group_order: "asc" | "desc";
  sort: Order | null;
  sort_by: string | null;
  sort_order: "asc" | "desc";
}

export interface FieldBody {
  id: number;
  value?: unknown;
}

export interface FieldOption {
  default: boolean;
  id: number;
  name: string;
  raw_name: string;
  value: string;
}

/** What a ticket has in a field of the app's own; null for nothing. */
export interface FieldValue {
  id: number;
  value: string | number | boolean | string[] | null;
}

/** A check as it came out; `mend` is None where nothing is to be done. */
export interface Finding {
  code: string;
  level: "recommendation" | "requirement";
  title: string;
  met: boolean;
  mend: string | null;
}

/** A flow's draft. Lists are without `draft`, the flow itself. */
export interface Flow {
  created_at: string | null;
  draft?: Record<string, unknown>;
  id: string;
  last_version: number | null;
  live_version: number | null;
  name: string;
  revision: number;
  updated_at: string | null;
  updated_by: string;
}

/** Ids of steps, and paths of what differs in them. */
export interface FlowComparison {
  added: string[];
  changed: Record<string, string[]>;
  flow: string[];
  identical: boolean;
  removed: string[];
}

export interface FlowProblem {
  code: string;
  flow: string;
  level: "error" | "warning";
  path: string;
  step: string | null;
  text: string;
}

export interface FlowVersion {
  created_at: string | null;
  created_by: string;
  flow?: Record<string, unknown>;
  flow_id: string;
  live: boolean;
  note: string;
  version: number;
}

export interface FollowerBody {
  user_id?: number | string | null;
  user_email?: string | null;
  action?: string;
}

export interface ForgottenUser {
  active: false;
  created_at: string;
  email: null;
  id: number;
  locale: null;
  name: string;
  organization_id: null;
  permanently_deleted: true;
  phone: null;
  photo: null;
  role: "admin" | "agent" | "end-user";
  shared: boolean;
  time_zone: null;
  updated_at: string;
  url: string;
}

/** The file is the part `source`. */
export interface Form {
  source: string;
}

/** `snippet` has what was found in `<em>`. */
export interface FoundArticle {
  author_id: number | null;
  body: string;
  comments_disabled: boolean;
  content_tag_ids: string[];
  created_at: string;
  draft: boolean;
  edited_at: string;
  html_url: string;
  id: number;
  label_names: string[];
  locale: string;
  name: string;
  outdated: boolean;
  outdated_locales: string[];
  permission_group_id: number;
  position: number;
  promoted: boolean;
  result_type: "article";
  score?: number;
  section_id: number;
  snippet: string;
  source_locale: string;
  title: string;
  translations?: Translation[];
  updated_at: string;
  url: string;
  user_segment_id: number | null;
  user_segment_ids: number[];
  vote_count: number;
  vote_sum: number;
}

export interface FoundGroup {
  created_at: string;
  default: boolean;
  deleted: boolean;
  description: string;
  id: number;
  is_public: boolean;
  name: string;
  result_type: "group";
  updated_at: string;
  url: string;
}

export interface FoundOrganization {
  created_at: string;
  details: string | null;
  domain_names: string[];
  external_id: string | null;
  group_id: number | null;
  id: number;
  name: string;
  notes: string | null;
  organization_fields: Record<string, unknown>;
  result_type: "organization";
  shared_comments: boolean;
  shared_tickets: boolean;
  tags: string[];
  updated_at: string;
  url: string;
}

export interface FoundTicket {
  allow_attachments: boolean;
  allow_channelback: boolean;
  assignee_id: number | null;
  brand_id: string | null;
  collaborator_ids: number[];
  conversation_id: string | null;
  created_at: string;
  custom_fields: FieldValue[];
  description: string;
  due_at: string | null;
  email_cc_ids: number[];
  external_id: string | null;
  fields: FieldValue[];
  follower_ids: number[];
  followup_ids: number[];
  forum_topic_id: null;
  from_messaging_channel: boolean;
  generated_timestamp: number;
  group_id: number | null;
  has_incidents: boolean;
  id: number;
  is_public: boolean;
  organization_id: number | null;
  priority: "high" | "low" | "normal" | "urgent" | null;
  problem_id: number | null;
  raw_subject: string;
  recipient: null;
  requester_id: number | null;
  result_type: "ticket";
  satisfaction_rating: TicketRating;
  session_state: "active" | "ended" | "inactive" | "none";
  sharing_agreement_ids: number[];
  slas?: Levels;
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved" | "deleted";
  subject: string;
  submitter_id: number | null;
  tags: string[];
  type: "incident" | "problem" | "question" | "task" | null;
  updated_at: string;
  url: string;
  via: Via;
  via_followup_source_id: number | null;
}

export interface FoundUser {
  active: boolean;
  alias: string | null;
  created_at: string;
  details: string | null;
  email: string | null;
  external_id: string | null;
  iana_time_zone: string;
  id: number;
  locale: string | null;
  messaging_id: string;
  moderator: boolean;
  name: string;
  notes: string | null;
  organization_id: number | null;
  phone: string | null;
  photo: Photo | null;
  result_type: "user";
  role: "admin" | "agent" | "end-user";
  shared: boolean;
  suspended: boolean;
  tags: string[];
  ticket_restriction: null;
  time_zone: string;
  updated_at: string;
  url: string;
  user_fields: Record<string, unknown>;
  verified: boolean;
}

export interface Group {
  created_at: string;
  default: boolean;
  deleted: boolean;
  description: string;
  id: number;
  is_public: boolean;
  name: string;
  updated_at: string;
  url: string;
}

export interface GroupMembership {
  created_at: string;
  default: boolean;
  group_id: number;
  id: number;
  updated_at: string;
  url: string;
  user_id: number | null;
}

export interface GroupName {
  id: number;
  name: string;
}

export interface Healthy {
  status: "ok";
}

export interface Holiday {
  end_date: string;
  id: number;
  name: string;
  start_date: string;
}

export interface HolidayBody {
  id: number;
  name: string;
  start_date: string;
  end_date: string;
}

export interface Identity {
  created_at: string;
  deliverable_state: string;
  id: number;
  primary: boolean;
  type: "email";
  updated_at: string;
  url: string;
  user_id: number;
  value: string;
  verified: boolean;
}

/** Minutes from the beginning of Sunday. */
export interface Interval {
  end_time: number;
  start_time: number;
}

/** Minutes from the beginning of Sunday. */
export interface IntervalBody {
  start_time: number;
  end_time: number;
}

export interface JobStatus {
  id: string;
  job_type: string;
  message: string | null;
  progress: number;
  results: Record<string, unknown>[] | null;
  status: "completed" | "failed" | "queued" | "working";
  total: number;
  url: string;
}

export interface LabelBody {
  name: string;
}

/** `event` is that of asyncapi.yaml. */
export interface LastMessage {
  conversation_id: string;
  event: Record<string, unknown>;
}

/** `breach_at` is past where it was too late. */
export interface LevelShown {
  breach_at: string | null;
  metric: "agent_work_time" | "first_reply_time" | "next_reply_time" | "pausable_update_time" | "periodic_update_time" | "requester_wait_time" | "total_resolution_time";
  stage: "achieved" | "active" | "paused";
  target_minutes: number;
}

/** How a ticket stands by its service levels. */
export interface Levels {
  policy_metrics: LevelShown[];
}

/** What is in a line. The standard queue has no number, and a line for each group. */
export interface Line {
  assigned: number;
  group_id: number | null;
  name: string | null;
  offered: number;
  oldest_at: string | null;
  queue_id: number | null;
  waiting: number;
}

export interface Links {
  next: string | null;
}

/** A conversation as its customer sees it in a list. */
export interface ListedConversation {
  createdAt: string;
  displayName: string | null;
  iconUrl: string | null;
  id: string;
  isDefault: boolean;
  lastUpdatedAt: string | null;
  seq: number;
  type: "personal" | "sdkGroup";
  unreadCount: number;
}

export interface Macro {
  actions: ActionShown[];
  active: boolean;
  created_at: string;
  default: boolean;
  description: string | null;
  id: number;
  position: number;
  raw_title: string;
  restriction: Restriction | null;
  title: string;
  updated_at: string;
  url: string;
}

export interface MacroComment {
  body: string;
  html_body: string | null;
  public: boolean;
  scoped_body: string[][];
}

/** What a ticket would be, or what would change of any. */
export interface MacroResult {
  comment?: MacroComment;
  ticket: Record<string, unknown>;
}

export interface MergeBody {
  ids: number[] | number;
  target_comment?: string | null;
  source_comment?: string | null;
  target_comment_is_public?: boolean;
  source_comment_is_public?: boolean;
}

export interface Meta {
  after_cursor?: string;
  has_more: boolean;
}

/** `target` is in minutes; `target_in_seconds` goes before it. */
export interface MetricBody {
  priority: "high" | "low" | "normal" | "urgent";
  metric: "agent_work_time" | "first_reply_time" | "next_reply_time" | "pausable_update_time" | "periodic_update_time" | "requester_wait_time" | "total_resolution_time";
  target?: number;
  target_in_seconds?: number;
  business_hours?: boolean;
}

export interface Minutes {
  business: number | null;
  calendar: number | null;
}

export interface MoreMeta {
  has_more: boolean;
}

/** Who calls by a key alone. */
export interface Nobody {
  active: boolean;
  email: string;
  id: null;
  name: string;
  role: "admin" | "agent" | "end-user";
}

export interface NotReady {
  errors: Refusal[];
  status: "unavailable";
}

export interface NoticeVia {
  channel: "email";
}

export interface OneStatus {
  attributes: StatusAttributes;
  id: number;
  type: "agent_status";
}

export interface Operator {
  terminal: boolean;
  title: string;
  value: string;
}

/** One choice of a select field: `label` is shown, `name` identifies it. */
export interface Option {
  name: string;
  label: string;
}

export interface OptionBody {
  name: string;
  value: string;
  id?: number;
}

export interface Order {
  id: string;
  order: "asc" | "desc";
  title: string;
}

/** One of the app's customers. A ticket is of the organization of whoever asks. */
export interface Organization {
  created_at: string;
  details: string | null;
  domain_names: string[];
  external_id: string | null;
  group_id: number | null;
  id: number;
  name: string;
  notes: string | null;
  organization_fields: Record<string, unknown>;
  shared_comments: boolean;
  shared_tickets: boolean;
  tags: string[];
  updated_at: string;
  url: string;
}

/** Somebody belongs to an organization; `default`: their tickets are of this one. */
export interface OrganizationMembership {
  created_at: string;
  default: boolean;
  id: number;
  organization_id: number;
  updated_at: string;
  url: string;
  user_id: number | null;
  view_tickets: boolean;
}

export interface OrganizationMembershipBody {
  user_id: number;
  organization_id: number;
  default?: boolean;
}

export interface OrganizationRelated {
  tickets_count: number;
  users_count: number;
}

/** How a view shows tickets. */
export interface OutputBody {
  columns?: (string | number)[];
  group_by?: string;
  group_order?: "asc" | "desc";
  sort_by?: string;
  sort_order?: "asc" | "desc";
}

/** What stands beside the rows of a list: by number of page, or by cursor. Short lists have `count` alone. */
export interface Page {
  count?: number;
  links?: CursorLinks;
  meta?: CursorMeta;
  next_page?: string | null;
  page?: number;
  page_count?: number;
  per_page?: number;
  previous_page?: string | null;
}

export interface Participant {
  userExternalId: string | null;
  userId: string;
}

export interface PasswordBody {
  password: string;
}

export interface PermissionGroup {
  built_in: boolean;
  edit: number[];
  id: number;
  name: string;
  publish: number[];
}

export interface Photo {
  content_url: string;
  mapped_content_url: string;
  thumbnails: unknown[];
}

/** `target` is in minutes. */
export interface PolicyMetric {
  business_hours: boolean;
  metric: "agent_work_time" | "first_reply_time" | "next_reply_time" | "pausable_update_time" | "periodic_update_time" | "requester_wait_time" | "total_resolution_time";
  priority: "high" | "low" | "normal" | "urgent";
  target: number;
  target_in_seconds: number;
}

/** A form that the widget shows before the first message. Without `fields`, it asks for name and e-mail address. */
export interface PrechatCapture {
  enabled?: boolean;
  enableEmailLinking?: boolean;
  avatarUrl?: string;
  fields?: (TextField | EmailField | SelectField)[];
}

/** What was said, where the run is, what it knows, and how it understood. */
export interface Preview {
  awaits: string;
  calls: Called[];
  captured: Record<string, unknown>;
  control: "agents" | "bot" | "nobody";
  ended: string | null;
  expires_at: string | null;
  id: string;
  learned: Record<string, string>;
  matches: PreviewMatch[];
  messages: PreviewLine[];
  metadata: Record<string, unknown>;
  next_timer_at: string | null;
  now: string | null;
  step: PreviewStep | null;
  understood: Understood | null;
  variables: Record<string, unknown>;
}

/** What the customer wrote, or the content of what the bot said. */
export interface PreviewLine {
  ai?: boolean;
  at: string | null;
  by: "bot" | "customer";
  content?: Record<string, unknown>;
  references?: Record<string, unknown>[];
  text?: string;
}

export interface PreviewMatch {
  enough: boolean;
  flow: string;
  phrase: string;
  score: number;
}

export interface PreviewStep {
  flow: string;
  id: string;
  type: string;
  version: number | "draft";
}

export interface PublishBody {
  note?: string;
  revision?: number | null;
  with?: string[];
}

export interface Queue {
  created_at: string;
  definition: ConditionsShown;
  description: string | null;
  id: number;
  name: string;
  order: number;
  overflow_after_s: number;
  primary_groups: QueueGroups;
  primary_groups_id: number[];
  priority: number;
  secondary_groups: QueueGroups;
  secondary_groups_id: number[];
  updated_at: string;
  url: string;
}

export interface QueueGroups {
  count: number;
  groups: GroupName[];
}

export interface RatingBody {
  score: string;
  comment?: string | null;
  reason?: string | null;
}

export interface Readiness {
  checks: Finding[];
  ready: boolean;
}

/** `waiting`: hosts that others wait for, without which messages are taken all the same. */
export interface Ready {
  status: "ready";
  waiting?: string[];
}

export interface RedactedText {
  text: string;
}

/** `html_body` is the comment's, with what is to go inside `<redact>`. */
export interface Redaction {
  ticket_id: number;
  html_body?: string;
}

/** `code` is one of errors.md. */
export interface Refusal {
  code: string;
  title: string;
}

export interface Relationships {
  channels: ChannelNames;
}

export interface ReleaseNumber {
  number: number | null;
}

export interface Report {
  by: "agent" | "all" | "channel" | "day" | "group" | "priority" | "tag";
  from: string;
  rows: ReportRow[];
  to: string;
  total: ReportRow;
}

/** A line. `satisfaction` is the percentage of the ratings that are good. */
export interface ReportRow {
  assignment: Spread;
  bad: number;
  created: number;
  first_reply: Spread;
  good: number;
  key: string;
  name: string;
  reopened: number;
  resolution: Spread;
  satisfaction: number | null;
  solved: number;
  unsolved: number;
}

/** Who asks: somebody with this address, who is made if there is none. */
export interface RequesterBody {
  email?: string | null;
  name?: string | null;
}

/** Whom it is for: groups, or one agent. */
export interface Restriction {
  id: number | null;
  ids: number[];
  type: "Group" | "User";
}

/** Whom a macro or a view is for: groups, or one agent by number. */
export interface RestrictionBody {
  type: "Group" | "User";
  id?: number;
  ids?: number[];
}

export interface RollbackBody {
  version: number;
  note?: string;
}

/** How work finds its agent. `offer_s` is an offer's lease; 0: agents need not accept. */
export interface Routing {
  strategy: "highest_spare_capacity" | "longest_idle" | "round_robin";
  offer_s: number;
  skills_timeout_s: number;
  disconnect_grace_s: number;
  idle_timeout_s: number;
  schedule: number | null;
}

export interface SatisfactionRating {
  assignee_id: number | null;
  comment: string | null;
  created_at: string;
  group_id: number | null;
  id: number;
  reason: string | null;
  requester_id: number | null;
  score: "bad" | "good" | "offered" | "unoffered";
  ticket_id: number;
  updated_at: string;
  url: string;
}

export interface Schedule {
  country: string | null;
  created_at: string;
  id: number;
  intervals: Interval[];
  name: string;
  region: string | null;
  time_zone: string;
  updated_at: string;
  url: string;
}

/** What the help centre finds at a step. */
export interface SearchAnswer {
  step: string;
  articles?: ShownArticle[];
  answer?: string;
}

export interface SecretBody {
  value: string;
}

/** Its value is never told. */
export interface SecretName {
  name: string;
  updated_at: string | null;
  updated_by: string;
}

export interface Section {
  category_id: number;
  created_at: string;
  description: string;
  html_url: string;
  id: number;
  locale: string;
  name: string;
  outdated: boolean;
  parent_section_id: number | null;
  position: number;
  sorting: string;
  source_locale: string;
  theme_template: string;
  translations?: Translation[];
  updated_at: string;
  url: string;
}

export interface SectionBody {
  locale?: string | null;
  title?: string | null;
  body?: string | null;
  name?: string | null;
  description?: string | null;
  draft?: boolean;
  outdated?: boolean;
  category_id?: number;
  parent_section_id?: number | null;
  position?: number | null;
  translations?: WordsBody[];
}

export interface SelectField {
  type: "select";
  name: string;
  label: string;
  placeholder?: string;
  options: Option[];
  select?: Option[];
}

export interface Self {
  self: string;
}

export interface SetAttributes {
  agent_id: number;
  agent_status: StatusShown;
}

export interface SetStatus {
  attributes: SetAttributes;
  id: string;
  type: "agent_availabilities";
}

export interface SettingsBody {
  settings?: unknown;
  entry?: Entry | null;
  revision?: number | null;
  note?: string;
}

/** An article that the help centre finds. */
export interface ShownArticle {
  title: string;
  url: string;
  snippet?: string;
}

export interface SignedLink {
  expiresAt: string;
  url: string;
}

export interface SkillName {
  id: string;
}

export interface SlaPolicy {
  created_at: string;
  description: string | null;
  filter: ConditionsShown;
  id: number;
  policy_metrics: PolicyMetric[];
  position: number;
  schedule_id: number | null;
  title: string;
  updated_at: string;
  url: string;
}

/** How long something took, in minutes; None where there was nothing. `business`: the median in business hours alone. */
export interface Spread {
  count: number;
  median: number | null;
  p90: number | null;
  business: number | null;
}

/** Default statuses are described; those of the app say what they are to each channel. */
export interface StatusAttributes {
  channels?: Record<string, string>;
  description?: string;
  name: string;
}

/** The number of a status, a default one or one of the app's own. */
export interface StatusBody {
  id: number;
}

/** `id` is the status' number; `reason` says why it was set, where that is asked for. */
export interface StatusShown {
  id: number;
  name: string;
  reason?: string;
  updated_at?: string;
}

export interface StepCount {
  dropped: number;
  entered: number;
  id: string;
  left: number;
  type: string;
}

export interface StepCounts {
  flow_id: string;
  steps: StepCount[];
  version: number;
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

/** A member of the switchboard that has control of the conversation, or to which it was offered. */
export interface SwitchboardIntegration {
  id: string;
  integrationId?: string;
  integrationType?: string;
  name: string;
}

export interface SystemOption {
  name: string;
  value: string;
}

export interface TagCount {
  count: number;
  name: string;
}

export interface TagsBody {
  tags?: string[] | string;
}

/** A conversation, briefly. */
export interface Talk {
  created_at: string;
  display_name: string | null;
  id: string;
  last_at: string | null;
  seq: number;
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved";
}

export interface TemplateShown {
  id: string;
  languages: string[];
  name: string;
  template: string;
}

export interface TemplateWhole {
  flow: Record<string, unknown>;
  id: string;
  languages: string[];
  name: string;
  template: string;
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

/** A ticket. Numbers name people and groups; `conversation_id` is the conversation that it is about. */
export interface Ticket {
  allow_attachments: boolean;
  allow_channelback: boolean;
  assignee_id: number | null;
  brand_id: string | null;
  collaborator_ids: number[];
  conversation_id: string | null;
  created_at: string;
  custom_fields: FieldValue[];
  description: string;
  due_at: string | null;
  email_cc_ids: number[];
  external_id: string | null;
  fields: FieldValue[];
  follower_ids: number[];
  followup_ids: number[];
  forum_topic_id: null;
  from_messaging_channel: boolean;
  generated_timestamp: number;
  group_id: number | null;
  has_incidents: boolean;
  id: number;
  is_public: boolean;
  organization_id: number | null;
  priority: "high" | "low" | "normal" | "urgent" | null;
  problem_id: number | null;
  raw_subject: string;
  recipient: null;
  requester_id: number | null;
  satisfaction_rating: TicketRating;
  session_state: "active" | "ended" | "inactive" | "none";
  sharing_agreement_ids: number[];
  slas?: Levels;
  status: "closed" | "hold" | "new" | "open" | "pending" | "solved" | "deleted";
  subject: string;
  submitter_id: number | null;
  tags: string[];
  type: "incident" | "problem" | "question" | "task" | null;
  updated_at: string;
  url: string;
  via: Via;
  via_followup_source_id: number | null;
}

/** A ticket as a request names it: what is absent stays. */
export interface TicketBody {
  subject?: string | null;
  description?: string | null;
  comment?: CommentBody | null;
  status?: string;
  priority?: string | null;
  type?: string | null;
  requester?: RequesterBody | null;
  requester_id?: number | null;
  submitter_id?: number | null;
  assignee_id?: number | null;
  assignee_email?: string | null;
  group_id?: number | null;
  follower_ids?: number[];
  collaborator_ids?: number[];
  additional_collaborators?: unknown[] | null;
  followers?: FollowerBody[] | null;
  tags?: string[];
  additional_tags?: string[] | null;
  remove_tags?: string[] | null;
  external_id?: string | null;
  problem_id?: number | null;
  due_at?: string | null;
  custom_fields?: FieldBody[] | Record<string, unknown> | null;
  fields?: FieldBody[] | null;
  via_followup_source_id?: number | null;
  safe_update?: boolean;
  updated_stamp?: string | null;
  id?: number | null;
  comments?: CommentBody[] | null;
  created_at?: string | null;
  solved_at?: string | null;
}

/** One event of a ticket, as the export tells it. Of `child_events` a change has its field by name, with the new value. */
export interface TicketEvent {
  child_events: Record<string, unknown>[];
  created_at: string;
  event_type: "Audit";
  id: number;
  metadata: Record<string, unknown>;
  system: Record<string, unknown>;
  ticket_id: number;
  timestamp: number;
  updater_id: number;
  via: string;
}

/** A field of tickets. Only those that are chosen from have options. */
export interface TicketField {
  active: boolean;
  agent_description: string | null;
  collapsed_for_agents: boolean;
  created_at: string;
  custom_field_options?: FieldOption[];
  description: string;
  editable_in_portal: boolean;
  id: number;
  key: null;
  position: number;
  raw_description: string;
  raw_title: string;
  raw_title_in_portal: string;
  regexp_for_validation: string | null;
  removable: boolean;
  required: boolean;
  required_in_portal: boolean;
  system_field_options?: SystemOption[];
  tag: string | null;
  title: string;
  title_in_portal: string;
  type: "checkbox" | "date" | "decimal" | "integer" | "multiselect" | "regexp" | "tagger" | "text" | "textarea" | "assignee" | "description" | "group" | "priority" | "status" | "subject" | "tickettype";
  updated_at: string;
  url: string;
  visible_in_portal: boolean;
}

export interface TicketInRow {
  description: string;
  id: number;
  priority: string | null;
  status: string;
  subject: string;
  type: string | null;
  url: string;
}

export interface TicketMetric {
  assigned_at: string | null;
  assignee_stations: number;
  assignee_updated_at: string | null;
  created_at: string;
  first_resolution_time_in_minutes: Minutes;
  full_resolution_time_in_minutes: Minutes;
  group_stations: number;
  id: number;
  initially_assigned_at: string | null;
  latest_comment_added_at: string | null;
  reopens: number;
  replies: number;
  reply_time_in_minutes: Minutes;
  requester_updated_at: string;
  solved_at: string | null;
  status_updated_at: string;
  ticket_id: number;
  updated_at: string;
  url: string;
}

export interface TicketRating {
  comment?: string;
  reason?: string;
  score: "bad" | "good" | "offered" | "unoffered";
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

export interface TicketRelated {
  followup_source_ids: string[];
  from_archive: boolean;
  incidents: number;
  jira_issue_ids: string[];
  topic_id: null;
  url: string;
}

/** How tickets live. */
export interface Tickets {
  close_after_s: number;
  survey: "ended" | "off" | "solved";
  survey_scale: number;
  survey_delay_s: number;
  survey_reasons: string[];
  survey_text: string;
}

/** What is said in one language. */
export interface Translation {
  body: string;
  created_at: string;
  created_by_id: number | null;
  draft: boolean;
  hidden: boolean;
  html_url: string;
  id: number;
  locale: string;
  outdated: boolean;
  source_id: number;
  source_type: "Article" | "Category" | "Section";
  title: string;
  updated_at: string;
  updated_by_id: number | null;
  url: string;
}

export interface Trigger {
  actions: ActionShown[];
  active: boolean;
  category_id: string | null;
  conditions: ConditionsShown;
  created_at: string;
  default: boolean;
  description: string | null;
  event: "conversation_requested" | "create" | "message_sent" | "queue_added" | "queue_assigned" | "update" | null;
  id: number;
  position: number;
  raw_title: string;
  title: string;
  updated_at: string;
  url: string;
}

export interface TriggerCategory {
  created_at: string;
  id: string;
  name: string;
  position: number;
  updated_at: string;
  url: string;
}

/** Free text that led to a flow: by which phrase, how surely. */
export interface Understood {
  flow: string;
  score: number;
  phrase: string;
}

export interface UnpublishBody {
  note?: string;
  with?: string[];
}

/** `token` is what a comment names. */
export interface Upload {
  attachment: UploadedFile;
  attachments: UploadedFile[];
  expires_at: string;
  token: string;
}

export interface UploadedFile {
  content_type: string;
  content_url: string;
  deleted: boolean;
  file_name: string;
  height: number | null;
  id: number;
  inline: boolean;
  mapped_content_url: string;
  size: number;
  thumbnails: unknown[];
  url: string;
  width: number | null;
}

/** A person. `messaging_id` is the one by which the stream knows them. */
export interface User {
  active: boolean;
  alias: string | null;
  created_at: string;
  details: string | null;
  email: string | null;
  external_id: string | null;
  iana_time_zone: string;
  id: number;
  locale: string | null;
  messaging_id: string;
  moderator: boolean;
  name: string;
  notes: string | null;
  organization_id: number | null;
  phone: string | null;
  photo: Photo | null;
  role: "admin" | "agent" | "end-user";
  shared: boolean;
  suspended: boolean;
  tags: string[];
  ticket_restriction: null;
  time_zone: string;
  updated_at: string;
  url: string;
  user_fields: Record<string, unknown>;
  verified: boolean;
}

/** A person as a request names them: what is absent stays. */
export interface UserBody {
  name?: string;
  email?: string | null;
  role?: string | null;
  external_id?: string | null;
  locale?: string | null;
  user_fields?: unknown;
  suspended?: boolean;
  organization_id?: number | null;
  tags?: string[];
  notes?: string | null;
  details?: string | null;
  phone?: string | null;
  alias?: string | null;
}

export interface UserRelated {
  assigned_tickets: number;
  ccd_tickets: number;
  organization_subscriptions: number;
  requested_tickets: number;
}

/** For whom articles are. */
export interface UserSegment {
  built_in: boolean;
  id: number;
  name: string;
  user_type: string;
}

export interface ValidateBody {
  flow?: unknown;
  with?: string[];
}

/** By which channel it came. */
export interface Via {
  channel: string;
  source: Record<string, unknown>;
}

export interface View {
  active: boolean;
  conditions: ConditionsShown;
  created_at: string;
  default: boolean;
  description: string | null;
  execution: Execution;
  id: number;
  position: number;
  raw_title: string;
  restriction: Restriction | null;
  title: string;
  updated_at: string;
  url: string;
}

export interface ViewColumn {
  id: string | number;
  title: string;
}

export interface ViewCount {
  fresh: boolean;
  pretty: string;
  refresh: string;
  url: string;
  value: number;
  view_id: number;
}

export interface ViewShown {
  id: number;
  title: string;
  url: string;
}

export interface VisitorBody {
  integrationId: string;
  jwt?: string | null;
  sessionToken?: string | null;
  locale?: string | null;
}

/** `conversation` is the default one, if there is any yet. */
export interface VisitorSession {
  conversation: string | null;
  token: string;
  user: VisitorShown;
}

/** `authenticated`: a JWT has said who it is. */
export interface VisitorShown {
  authenticated: boolean;
  externalId: string | null;
  id: string;
}

export interface Vote {
  created_at: string;
  id: number;
  item_id: number;
  item_type: "Article";
  updated_at: string;
  url: string;
  user_id: number | null;
  value: -1 | 1;
}

export interface WaitingWork {
  channel: string;
  conversation: string | null;
  due_at: string | null;
  eligible_at: string;
  priority: number;
  ticket: string;
}

/** What rules call. Of `custom_headers` only the names are told. */
export interface Webhook {
  authentication: WebhookAuthentication | null;
  created_at: string;
  custom_headers: string[];
  description: string | null;
  endpoint: string;
  http_method: "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
  id: string;
  name: string;
  request_format: "form_encoded" | "json" | "xml";
  status: "active" | "inactive";
  subscriptions: "conditional_ticket_events"[];
  updated_at: string;
  url: string;
}

/** What is shown at the door is not shown here. */
export interface WebhookAuthentication {
  add_position: "header";
  type: "api_key" | "basic_auth" | "bearer_token";
}

export interface WidgetIntegration {
  id: string;
  type: string;
}

/** A translation. `name` and `description` are what sections and categories say for title and body. */
export interface WordsBody {
  locale?: string | null;
  title?: string | null;
  body?: string | null;
  name?: string | null;
  description?: string | null;
  draft?: boolean;
  outdated?: boolean;
}

export interface Workweek {
  intervals: Interval[];
}

export interface Operations {
  "POST /agent/v1/attachments": {
    query: {
      access?: string;
      for?: string;
      conversationId?: string;
    };
    body: Blob;
    answer: {
      attachment: Attachment;
    };
  };
  "GET /agent/v1/attachments/{attachmentId}": {
    path: {
      attachmentId: string;
    };
    answer: {
      attachment: Attachment;
    };
  };
  "POST /agent/v1/sessions": {
    query: {
      appId?: string;
    };
    body: AgentBody;
    answer: AgentSession;
  };
  "DELETE /agent/v1/sessions": {
    answer: Record<string, never>;
  };
  "GET /agent/v1/stream": {
    answer: never;
  };
  "GET /api/v2/agent_availabilities": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      "filter[agent_ids]"?: string;
      "filter[group_ids]"?: string;
      "filter[agent_status_id]"?: string;
      app_id?: string;
    };
    answer: {
      data: Availability[];
      included: AgentChannel[];
      meta: CursorMeta;
      links: CursorLinks;
    };
  };
  "GET /api/v2/agent_availabilities/agent_statuses": {
    query: {
      app_id?: string;
    };
    answer: {
      default: OneStatus[];
      custom: OneStatus[];
      meta: MoreMeta;
      links: CursorLinks;
    };
  };
  "PUT /api/v2/agent_availabilities/agent_statuses/agents/{agent_id}": {
    path: {
      agent_id: number;
    };
    query: {
      app_id?: string;
    };
    body: StatusBody;
    answer: {
      data: SetStatus;
    };
  };
  "PUT /api/v2/agent_availabilities/agent_statuses/me": {
    query: {
      app_id?: string;
    };
    body: StatusBody;
    answer: {
      data: SetStatus;
    };
  };
  "GET /api/v2/agent_availabilities/me": {
    query: {
      app_id?: string;
    };
    answer: {
      data: Availability;
      included: AgentChannel[];
    };
  };
  "GET /api/v2/agent_availabilities/{agent_id}": {
    path: {
      agent_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      data: Availability;
      included: AgentChannel[];
    };
  };
  "GET /api/v2/attachments/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attachment: UploadedFile;
    };
  };
  "GET /api/v2/audit_logs": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      audit_logs: AuditLog[];
    };
  };
  "GET /api/v2/autocomplete/tags": {
    query: {
      name?: string;
      app_id?: string;
    };
    answer: {
      tags: string[];
      count?: number;
    };
  };
  "GET /api/v2/automations": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      automations: Automation[];
    };
  };
  "POST /api/v2/automations": {
    query: {
      app_id?: string;
    };
    body: {
      automation: DeskAutomationBody;
    };
    answer: {
      automation: Automation;
    };
  };
  "GET /api/v2/automations/active": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      automations: Automation[];
    };
  };
  "GET /api/v2/automations/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/automations/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      automations: DeskAutomationBody[];
    };
    answer: {
      automations: Automation[];
    };
  };
  "GET /api/v2/automations/definitions": {
    query: {
      app_id?: string;
    };
    answer: {
      definitions: Definitions;
    };
  };
  "DELETE /api/v2/automations/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/automations/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      automations: Automation[];
    };
  };
  "PUT /api/v2/automations/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      automations: DeskAutomationBody[];
    };
    answer: {
      automations: Automation[];
      count?: number;
    };
  };
  "GET /api/v2/automations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      automation: Automation;
    };
  };
  "PUT /api/v2/automations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      automation: DeskAutomationBody;
    };
    answer: {
      automation: Automation;
    };
  };
  "DELETE /api/v2/automations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/bot/flows": {
    query: {
      "page[size]"?: number;
      "page[after]"?: string;
      app_id?: string;
    };
    answer: {
      flows: Flow[];
      meta: Meta;
      links: Links;
    };
  };
  "POST /api/v2/bot/flows": {
    query: {
      app_id?: string;
    };
    body: DraftBody;
    answer: {
      flow: Flow;
    };
  };
  "GET /api/v2/bot/flows/{flow_id}": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      flow: Flow;
    };
  };
  "PUT /api/v2/bot/flows/{flow_id}": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    body: DraftBody;
    answer: {
      flow: Flow;
    };
  };
  "DELETE /api/v2/bot/flows/{flow_id}": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    answer: Record<string, never>;
  };
  "GET /api/v2/bot/flows/{flow_id}/compare": {
    path: {
      flow_id: string;
    };
    query: {
      from?: string;
      to?: string;
      app_id?: string;
    };
    answer: {
      comparison: FlowComparison;
    };
  };
  "GET /api/v2/bot/flows/{flow_id}/counts": {
    path: {
      flow_id: string;
    };
    query: {
      version?: string;
      app_id?: string;
    };
    answer: {
      counts: StepCounts;
    };
  };
  "POST /api/v2/bot/flows/{flow_id}/publish": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    body: PublishBody;
    answer: {
      version: FlowVersion;
      release: ReleaseNumber;
    };
  };
  "POST /api/v2/bot/flows/{flow_id}/rollback": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    body: RollbackBody;
    answer: {
      version: FlowVersion;
      release: ReleaseNumber;
    };
  };
  "POST /api/v2/bot/flows/{flow_id}/unpublish": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    body: UnpublishBody;
    answer: {
      release: ReleaseNumber;
    };
  };
  "POST /api/v2/bot/flows/{flow_id}/validate": {
    path: {
      flow_id: string;
    };
    query: {
      app_id?: string;
    };
    body: ValidateBody;
    answer: {
      valid: boolean;
      problems: FlowProblem[];
    };
  };
  "GET /api/v2/bot/flows/{flow_id}/versions": {
    path: {
      flow_id: string;
    };
    query: {
      "page[size]"?: number;
      "page[after]"?: string;
      app_id?: string;
    };
    answer: {
      versions: FlowVersion[];
      meta: Meta;
      links: Links;
    };
  };
  "GET /api/v2/bot/flows/{flow_id}/versions/{version}": {
    path: {
      flow_id: string;
      version: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      version: FlowVersion;
    };
  };
  "POST /api/v2/bot/previews": {
    query: {
      app_id?: string;
    };
    body: CreateBody;
    answer: {
      preview: Preview;
    };
  };
  "GET /api/v2/bot/previews/{preview_id}": {
    path: {
      preview_id: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      preview: Preview;
    };
  };
  "DELETE /api/v2/bot/previews/{preview_id}": {
    path: {
      preview_id: string;
    };
    query: {
      app_id?: string;
    };
    answer: Record<string, never>;
  };
  "POST /api/v2/bot/previews/{preview_id}/events": {
    path: {
      preview_id: string;
    };
    query: {
      app_id?: string;
    };
    body: EventBody;
    answer: {
      preview: Preview;
    };
  };
  "GET /api/v2/bot/releases": {
    query: {
      "page[size]"?: number;
      "page[after]"?: string;
      app_id?: string;
    };
    answer: {
      releases: BotRelease[];
      meta: Meta;
      links: Links;
    };
  };
  "GET /api/v2/bot/schema": {
    query: {
      app_id?: string;
    };
    answer: Record<string, unknown>;
  };
  "GET /api/v2/bot/secrets": {
    query: {
      app_id?: string;
    };
    answer: {
      secrets: SecretName[];
    };
  };
  "PUT /api/v2/bot/secrets/{name}": {
    path: {
      name: string;
    };
    query: {
      app_id?: string;
    };
    body: SecretBody;
    answer: {
      secret: SecretName;
    };
  };
  "DELETE /api/v2/bot/secrets/{name}": {
    path: {
      name: string;
    };
    query: {
      app_id?: string;
    };
    answer: Record<string, never>;
  };
  "GET /api/v2/bot/settings": {
    query: {
      app_id?: string;
    };
    answer: {
      settings: Record<string, unknown>;
      entry: Entry | null;
      revision: number;
      live_release: number | null;
      updated_at: string | null;
      updated_by: string | null;
    };
  };
  "PUT /api/v2/bot/settings": {
    query: {
      app_id?: string;
    };
    body: SettingsBody;
    answer: {
      settings: Record<string, unknown>;
      entry: Entry | null;
      revision: number;
      live_release: number | null;
      updated_at: string | null;
      updated_by: string | null;
    };
  };
  "GET /api/v2/bot/templates": {
    query: {
      app_id?: string;
    };
    answer: {
      templates: TemplateShown[];
      settings: Record<string, unknown>;
    };
  };
  "GET /api/v2/bot/templates/{template}": {
    path: {
      template: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      template: TemplateWhole;
    };
  };
  "POST /api/v2/bot/templates/{template}/copy": {
    path: {
      template: string;
    };
    query: {
      app_id?: string;
    };
    body: CopyBody;
    answer: {
      flow: Flow;
    };
  };
  "GET /api/v2/business_hours/schedules": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      schedules: Schedule[];
    };
  };
  "POST /api/v2/business_hours/schedules": {
    query: {
      app_id?: string;
    };
    body: {
      schedule: DeskScheduleBody;
    };
    answer: {
      schedule: Schedule;
    };
  };
  "GET /api/v2/business_hours/schedules/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/business_hours/schedules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      schedule: Schedule;
    };
  };
  "PUT /api/v2/business_hours/schedules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      schedule: DeskScheduleBody;
    };
    answer: {
      schedule: Schedule;
    };
  };
  "DELETE /api/v2/business_hours/schedules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/business_hours/schedules/{id}/holidays": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      holidays: Holiday[];
    };
  };
  "POST /api/v2/business_hours/schedules/{id}/holidays": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      holiday: DeskHolidayBody;
    };
    answer: {
      holiday: Holiday;
    };
  };
  "GET /api/v2/business_hours/schedules/{id}/holidays/{holiday_id}": {
    path: {
      id: number;
      holiday_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      holiday: Holiday;
    };
  };
  "PUT /api/v2/business_hours/schedules/{id}/holidays/{holiday_id}": {
    path: {
      id: number;
      holiday_id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      holiday: DeskHolidayBody;
    };
    answer: {
      holiday: Holiday;
    };
  };
  "DELETE /api/v2/business_hours/schedules/{id}/holidays/{holiday_id}": {
    path: {
      id: number;
      holiday_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/business_hours/schedules/{id}/workweek": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      workweek: {
        intervals: IntervalBody[];
      };
    };
    answer: {
      workweek: Workweek;
    };
  };
  "GET /api/v2/capacity/rules": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      capacity_rules: CapacityRule[];
    };
  };
  "POST /api/v2/capacity/rules": {
    query: {
      app_id?: string;
    };
    body: {
      capacity_rule: DeskCapacityBody;
    };
    answer: {
      capacity_rule: CapacityRule;
    };
  };
  "GET /api/v2/capacity/rules/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/capacity/rules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      capacity_rule: CapacityRule;
    };
  };
  "PUT /api/v2/capacity/rules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      capacity_rule: DeskCapacityBody;
    };
    answer: {
      capacity_rule: CapacityRule;
    };
  };
  "DELETE /api/v2/capacity/rules/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/comment_redactions/{comment_id}": {
    path: {
      comment_id: number;
    };
    query: {
      app_id?: string;
    };
    body: Redaction;
    answer: {
      comment: Comment | null;
    };
  };
  "GET /api/v2/deleted_tickets": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      deleted_tickets: DeletedTicket[];
    };
  };
  "DELETE /api/v2/deleted_tickets/destroy_many": {
    query: {
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "PUT /api/v2/deleted_tickets/restore_many": {
    query: {
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "DELETE /api/v2/deleted_tickets/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "PUT /api/v2/deleted_tickets/{id}/restore": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: Record<string, never>;
  };
  "GET /api/v2/deleted_users": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      deleted_users: DeletedUser[];
    };
  };
  "GET /api/v2/deleted_users/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/deleted_users/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      deleted_user: DeletedUser;
    };
  };
  "DELETE /api/v2/deleted_users/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      deleted_user: ForgottenUser;
    };
  };
  "GET /api/v2/desk/agent_statuses": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      agent_statuses: AgentStatus[];
    };
  };
  "POST /api/v2/desk/agent_statuses": {
    query: {
      app_id?: string;
    };
    body: {
      agent_status: DeskStatusBody;
    };
    answer: {
      agent_status: AgentStatus;
    };
  };
  "GET /api/v2/desk/agent_statuses/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/desk/agent_statuses/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      agent_status: AgentStatus;
    };
  };
  "PUT /api/v2/desk/agent_statuses/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      agent_status: DeskStatusBody;
    };
    answer: {
      agent_status: AgentStatus;
    };
  };
  "DELETE /api/v2/desk/agent_statuses/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/desk/agents": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      agents: DeskAgent[];
    };
  };
  "GET /api/v2/desk/agents/{user_id}": {
    path: {
      user_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      agent: DeskAgent;
    };
  };
  "PUT /api/v2/desk/agents/{user_id}": {
    path: {
      user_id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      agent: {
        capacity_rule_id?: number | null;
      };
    };
    answer: {
      agent: DeskAgent;
    };
  };
  "GET /api/v2/desk/conversations": {
    query: {
      after?: string;
      app_id?: string;
    };
    answer: {
      conversations: Summary[];
      after?: string | null;
    };
  };
  "GET /api/v2/desk/conversations/{conversation}": {
    path: {
      conversation: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      conversation: Talk;
      person: User | null;
      ticket: Ticket | null;
      tickets: Ticket[];
      users: User[];
    };
  };
  "GET /api/v2/desk/faults": {
    query: {
      app_id?: string;
    };
    answer: {
      faults: string[];
      count?: number;
    };
  };
  "GET /api/v2/desk/last_messages": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: {
      last_messages: LastMessage[];
    };
  };
  "GET /api/v2/desk/settings": {
    query: {
      app_id?: string;
    };
    answer: {
      settings: DeskSettings;
    };
  };
  "PUT /api/v2/desk/settings": {
    query: {
      app_id?: string;
    };
    body: {
      settings: Record<string, unknown>;
    };
    answer: {
      settings: DeskSettings;
    };
  };
  "GET /api/v2/desk/users/{id}/conversations": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      conversations: Talk[];
      count?: number;
    };
  };
  "GET /api/v2/group_memberships": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "POST /api/v2/group_memberships": {
    query: {
      app_id?: string;
    };
    body: {
      group_membership: {
        user_id?: number;
        group_id?: number;
        default?: boolean;
      };
    };
    answer: {
      group_membership: GroupMembership;
    };
  };
  "GET /api/v2/group_memberships/assignable": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/group_memberships/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/group_memberships/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      group_memberships: {
        user_id?: number;
        group_id?: number;
        default?: boolean;
      }[];
    };
    answer: {
      group_memberships: GroupMembership[];
    };
  };
  "DELETE /api/v2/group_memberships/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/group_memberships/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      group_memberships: {
        user_id?: number;
        group_id?: number;
        default?: boolean;
      }[];
    };
    answer: {
      group_memberships: GroupMembership[];
      count?: number;
    };
  };
  "GET /api/v2/group_memberships/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      group_membership: GroupMembership;
    };
  };
  "PUT /api/v2/group_memberships/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      group_membership: {
        user_id?: number;
        group_id?: number;
        default?: boolean;
      };
    };
    answer: {
      group_membership: GroupMembership;
    };
  };
  "DELETE /api/v2/group_memberships/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/groups": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      groups: Group[];
    };
  };
  "POST /api/v2/groups": {
    query: {
      app_id?: string;
    };
    body: {
      group: DeskGroupBody;
    };
    answer: {
      group: Group;
    };
  };
  "GET /api/v2/groups/assignable": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      groups: Group[];
    };
  };
  "GET /api/v2/groups/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/groups/{group_id}/memberships": {
    path: {
      group_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/groups/{group_id}/memberships/assignable": {
    path: {
      group_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/groups/{group_id}/users": {
    path: {
      group_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/groups/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      group: Group;
    };
  };
  "PUT /api/v2/groups/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      group: DeskGroupBody;
    };
    answer: {
      group: Group;
    };
  };
  "DELETE /api/v2/groups/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/guide/permission_groups": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      permission_groups: PermissionGroup[];
    };
  };
  "GET /api/v2/help_center/articles": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      label_names?: string;
      app_id?: string;
    };
    answer: Page & {
      articles: Article[];
      sort_by?: string;
      sort_order?: string;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/articles/labels": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      labels: ArticleLabel[];
    };
  };
  "GET /api/v2/help_center/articles/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      query?: string;
      locale?: string;
      label_names?: string;
      category?: string;
      section?: string;
      app_id?: string;
    };
    answer: Page & {
      results: FoundArticle[];
    };
  };
  "GET /api/v2/help_center/articles/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: {
      article: Article;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "PUT /api/v2/help_center/articles/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      article: ArticleBody;
    };
    answer: {
      article: Article;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "DELETE /api/v2/help_center/articles/{id}": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: null;
  };
  "POST /api/v2/help_center/articles/{id}/down": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: {
      vote: Vote;
    };
  };
  "GET /api/v2/help_center/articles/{id}/labels": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      labels: ArticleLabel[];
    };
  };
  "POST /api/v2/help_center/articles/{id}/labels": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    body: {
      label: LabelBody;
    };
    answer: {
      label: ArticleLabel;
    };
  };
  "DELETE /api/v2/help_center/articles/{id}/labels/{label_id}": {
    path: {
      id: number;
      label_id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/help_center/articles/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      locales?: string;
      outdated?: string;
      draft?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      translations: Translation[];
    };
  };
  "POST /api/v2/help_center/articles/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "GET /api/v2/help_center/articles/{id}/translations/missing": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: {
      locales: string[];
    };
  };
  "GET /api/v2/help_center/articles/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      translation: Translation;
    };
  };
  "PUT /api/v2/help_center/articles/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "POST /api/v2/help_center/articles/{id}/up": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: {
      vote: Vote;
    };
  };
  "GET /api/v2/help_center/articles/{id}/votes": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      votes: Vote[];
    };
  };
  "GET /api/v2/help_center/categories": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      categories: Category[];
      sort_by?: string;
      sort_order?: string;
    };
  };
  "POST /api/v2/help_center/categories": {
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      category: CategoryBody;
    };
    answer: {
      category: Category;
    };
  };
  "GET /api/v2/help_center/categories/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: {
      category: Category;
    };
  };
  "PUT /api/v2/help_center/categories/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      category: CategoryBody;
    };
    answer: {
      category: Category;
    };
  };
  "DELETE /api/v2/help_center/categories/{id}": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/help_center/categories/{id}/articles": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      label_names?: string;
      app_id?: string;
    };
    answer: Page & {
      articles: Article[];
      sort_by?: string;
      sort_order?: string;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/categories/{id}/sections": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      sections: Section[];
      sort_by?: string;
      sort_order?: string;
      categories?: Category[];
    };
  };
  "POST /api/v2/help_center/categories/{id}/sections": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      section: SectionBody;
    };
    answer: {
      section: Section;
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/categories/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      locales?: string;
      outdated?: string;
      draft?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      translations: Translation[];
    };
  };
  "POST /api/v2/help_center/categories/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "GET /api/v2/help_center/categories/{id}/translations/missing": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: {
      locales: string[];
    };
  };
  "GET /api/v2/help_center/categories/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      translation: Translation;
    };
  };
  "PUT /api/v2/help_center/categories/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "GET /api/v2/help_center/incremental/articles": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      start_time?: string;
      app_id?: string;
    };
    answer: Page & {
      articles: Article[];
      sort_by?: string;
      sort_order?: string;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/locales": {
    query: {
      app_id?: string;
    };
    answer: {
      locales: string[];
      default_locale: string;
    };
  };
  "GET /api/v2/help_center/sections": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      sections: Section[];
      sort_by?: string;
      sort_order?: string;
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/sections/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: {
      section: Section;
      categories?: Category[];
    };
  };
  "PUT /api/v2/help_center/sections/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      section: SectionBody;
    };
    answer: {
      section: Section;
      categories?: Category[];
    };
  };
  "DELETE /api/v2/help_center/sections/{id}": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/help_center/sections/{id}/articles": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      label_names?: string;
      app_id?: string;
    };
    answer: Page & {
      articles: Article[];
      sort_by?: string;
      sort_order?: string;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "POST /api/v2/help_center/sections/{id}/articles": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      locale?: string;
      app_id?: string;
    };
    body: {
      article: ArticleBody;
    };
    answer: {
      article: Article;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/sections/{id}/sections": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      sections: Section[];
      sort_by?: string;
      sort_order?: string;
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/sections/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      locales?: string;
      outdated?: string;
      draft?: string;
      locale?: string;
      app_id?: string;
    };
    answer: Page & {
      translations: Translation[];
    };
  };
  "POST /api/v2/help_center/sections/{id}/translations": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "GET /api/v2/help_center/sections/{id}/translations/missing": {
    path: {
      id: number;
    };
    query: {
      locale?: string;
      app_id?: string;
    };
    answer: {
      locales: string[];
    };
  };
  "GET /api/v2/help_center/sections/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      translation: Translation;
    };
  };
  "PUT /api/v2/help_center/sections/{id}/translations/{locale}": {
    path: {
      id: number;
      locale: string;
    };
    query: {
      app_id?: string;
    };
    body: {
      translation: WordsBody;
    };
    answer: {
      translation: Translation;
    };
  };
  "DELETE /api/v2/help_center/translations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/help_center/user_segments": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      user_segments: UserSegment[];
    };
  };
  "GET /api/v2/help_center/users/{id}/articles": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      locale?: string;
      label_names?: string;
      app_id?: string;
    };
    answer: Page & {
      articles: Article[];
      sort_by?: string;
      sort_order?: string;
      users?: ArticleAuthor[];
      sections?: Section[];
      categories?: Category[];
    };
  };
  "GET /api/v2/help_center/votes/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      vote: Vote;
    };
  };
  "DELETE /api/v2/help_center/votes/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "POST /api/v2/imports/tickets": {
    query: {
      include?: string;
      app_id?: string;
    };
    body: {
      ticket: TicketBody;
    };
    answer: {
      ticket: Ticket;
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "POST /api/v2/imports/tickets/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      tickets: TicketBody[];
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "GET /api/v2/incremental/ticket_events": {
    query: {
      start_time?: string;
      per_page?: number;
      include?: string;
      app_id?: string;
    };
    answer: {
      ticket_events: TicketEvent[];
      count?: number;
      end_of_stream?: boolean;
      end_time?: number | null;
      next_page?: string | null;
    };
  };
  "GET /api/v2/incremental/tickets": {
    query: {
      start_time?: string;
      cursor?: string;
      per_page?: number;
      include?: string;
      app_id?: string;
    };
    answer: {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
      count?: number;
      end_of_stream?: boolean;
      end_time?: number | null;
      next_page?: string | null;
    };
  };
  "GET /api/v2/incremental/tickets/cursor": {
    query: {
      start_time?: string;
      cursor?: string;
      per_page?: number;
      include?: string;
      app_id?: string;
    };
    answer: {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
      after_cursor?: string;
      after_url?: string;
      before_cursor?: null;
      before_url?: null;
      end_of_stream?: boolean;
    };
  };
  "GET /api/v2/incremental/users": {
    query: {
      start_time?: string;
      per_page?: number;
      app_id?: string;
    };
    answer: {
      users: (User | DeletedUser)[];
      count?: number;
      end_of_stream?: boolean;
      end_time?: number | null;
      next_page?: string | null;
    };
  };
  "GET /api/v2/incremental/users/cursor": {
    query: {
      start_time?: string;
      cursor?: string;
      per_page?: number;
      app_id?: string;
    };
    answer: {
      users: (User | DeletedUser)[];
      after_cursor?: string;
      after_url?: string;
      before_cursor?: null;
      before_url?: null;
      end_of_stream?: boolean;
    };
  };
  "GET /api/v2/job_statuses": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      job_statuses: JobStatus[];
    };
  };
  "GET /api/v2/job_statuses/show_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: {
      job_statuses: JobStatus[];
      count?: number;
    };
  };
  "GET /api/v2/job_statuses/{id}": {
    path: {
      id: string;
    };
    query: {
      app_id?: string;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "GET /api/v2/macros": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      macros: Macro[];
    };
  };
  "POST /api/v2/macros": {
    query: {
      app_id?: string;
    };
    body: {
      macro: DeskMacroBody;
    };
    answer: {
      macro: Macro;
    };
  };
  "GET /api/v2/macros/active": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      macros: Macro[];
    };
  };
  "GET /api/v2/macros/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/macros/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      macros: DeskMacroBody[];
    };
    answer: {
      macros: Macro[];
    };
  };
  "GET /api/v2/macros/definitions": {
    query: {
      app_id?: string;
    };
    answer: {
      definitions: Definitions;
    };
  };
  "DELETE /api/v2/macros/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/macros/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      macros: Macro[];
    };
  };
  "PUT /api/v2/macros/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      macros: DeskMacroBody[];
    };
    answer: {
      macros: Macro[];
      count?: number;
    };
  };
  "GET /api/v2/macros/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      macro: Macro;
    };
  };
  "PUT /api/v2/macros/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      macro: DeskMacroBody;
    };
    answer: {
      macro: Macro;
    };
  };
  "DELETE /api/v2/macros/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/macros/{id}/apply": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      result: MacroResult;
    };
  };
  "GET /api/v2/organization_memberships": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organization_memberships: OrganizationMembership[];
    };
  };
  "POST /api/v2/organization_memberships": {
    query: {
      app_id?: string;
    };
    body: {
      organization_membership: OrganizationMembershipBody;
    };
    answer: {
      organization_membership: OrganizationMembership;
    };
  };
  "GET /api/v2/organization_memberships/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      organization_membership: OrganizationMembership;
    };
  };
  "DELETE /api/v2/organization_memberships/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/organizations": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organizations: Organization[];
    };
  };
  "POST /api/v2/organizations": {
    query: {
      app_id?: string;
    };
    body: {
      organization: {
        name?: string;
        external_id?: string | null;
        details?: string | null;
        notes?: string | null;
        tags?: string[] | null;
        domain_names?: string[] | null;
        group_id?: number | null;
      };
    };
    answer: {
      organization: Organization;
    };
  };
  "GET /api/v2/organizations/autocomplete": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      name?: string;
      app_id?: string;
    };
    answer: Page & {
      organizations: Organization[];
    };
  };
  "GET /api/v2/organizations/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/organizations/create_or_update": {
    query: {
      app_id?: string;
    };
    body: {
      organization: {
        id?: number;
        name?: string;
        external_id?: string | null;
        details?: string | null;
        notes?: string | null;
        tags?: string[] | null;
        domain_names?: string[] | null;
        group_id?: number | null;
      };
    };
    answer: {
      organization: Organization;
    };
  };
  "GET /api/v2/organizations/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      external_id?: string;
      name?: string;
      app_id?: string;
    };
    answer: Page & {
      organizations: Organization[];
    };
  };
  "GET /api/v2/organizations/show_many": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    answer: Page & {
      organizations: Organization[];
    };
  };
  "GET /api/v2/organizations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      organization: Organization;
    };
  };
  "PUT /api/v2/organizations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      organization: {
        name?: string;
        external_id?: string | null;
        details?: string | null;
        notes?: string | null;
        tags?: string[] | null;
        domain_names?: string[] | null;
        group_id?: number | null;
      };
    };
    answer: {
      organization: Organization;
    };
  };
  "DELETE /api/v2/organizations/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/organizations/{id}/organization_memberships": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organization_memberships: OrganizationMembership[];
    };
  };
  "GET /api/v2/organizations/{id}/related": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      organization_related: OrganizationRelated;
    };
  };
  "GET /api/v2/organizations/{id}/tickets": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/organizations/{id}/users": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/problems": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/queues": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      queues: Queue[];
    };
  };
  "POST /api/v2/queues": {
    query: {
      app_id?: string;
    };
    body: {
      queue: DeskQueueBody;
    };
    answer: {
      queue: Queue;
    };
  };
  "GET /api/v2/queues/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "PUT /api/v2/queues/reorder": {
    query: {
      app_id?: string;
    };
    body: {
      queue_ids: number[];
    };
    answer: {
      queues: Queue[];
      count?: number;
    };
  };
  "GET /api/v2/queues/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      queue: Queue;
    };
  };
  "PUT /api/v2/queues/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      queue: DeskQueueBody;
    };
    answer: {
      queue: Queue;
    };
  };
  "DELETE /api/v2/queues/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/readiness": {
    query: {
      app_id?: string;
    };
    answer: {
      readiness: Readiness;
    };
  };
  "GET /api/v2/reports/bots": {
    query: {
      from?: string;
      to?: string;
      by?: string;
      schedule?: string;
      format?: string;
      app_id?: string;
    };
    answer: {
      bots: BotReport;
    };
  };
  "GET /api/v2/reports/tickets": {
    query: {
      from?: string;
      to?: string;
      by?: string;
      schedule?: string;
      format?: string;
      app_id?: string;
    };
    answer: {
      report: Report;
    };
  };
  "GET /api/v2/routing/agents/{user_id}/instance_values": {
    path: {
      user_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attribute_values: AttributeValue[];
      count?: number;
    };
  };
  "POST /api/v2/routing/agents/{user_id}/instance_values": {
    path: {
      user_id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      attribute_value_ids: (string | number)[];
    };
    answer: {
      attribute_values: AttributeValue[];
      count?: number;
    };
  };
  "GET /api/v2/routing/attributes": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      attributes: Attribute[];
    };
  };
  "POST /api/v2/routing/attributes": {
    query: {
      app_id?: string;
    };
    body: {
      attribute: DeskAttributeBody;
    };
    answer: {
      attribute: Attribute;
    };
  };
  "GET /api/v2/routing/attributes/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/routing/attributes/{attribute_id}/values": {
    path: {
      attribute_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      attribute_values: AttributeValue[];
    };
  };
  "POST /api/v2/routing/attributes/{attribute_id}/values": {
    path: {
      attribute_id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      attribute_value: DeskSkillBody;
    };
    answer: {
      attribute_value: AttributeValue;
    };
  };
  "GET /api/v2/routing/attributes/{attribute_id}/values/{id}": {
    path: {
      attribute_id: number;
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attribute_value: AttributeValue;
    };
  };
  "PATCH /api/v2/routing/attributes/{attribute_id}/values/{id}": {
    path: {
      attribute_id: number;
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      attribute_value: DeskSkillBody;
    };
    answer: {
      attribute_value: AttributeValue;
    };
  };
  "DELETE /api/v2/routing/attributes/{attribute_id}/values/{id}": {
    path: {
      attribute_id: number;
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/routing/attributes/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attribute: Attribute;
    };
  };
  "PUT /api/v2/routing/attributes/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      attribute: DeskAttributeBody;
    };
    answer: {
      attribute: Attribute;
    };
  };
  "DELETE /api/v2/routing/attributes/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/routing/lines": {
    query: {
      app_id?: string;
    };
    answer: {
      lines: Line[];
      count: number;
    };
  };
  "GET /api/v2/routing/lines/{queue_id}/waiting": {
    path: {
      queue_id: number;
    };
    query: {
      group_id?: string;
      after?: string;
      include?: string;
      app_id?: string;
    };
    answer: {
      work: WaitingWork[];
      cursor: string | null;
      tickets?: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
    };
  };
  "GET /api/v2/routing/tickets/{id}/instance_values": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attribute_values: AttributeValue[];
      count?: number;
    };
  };
  "GET /api/v2/satisfaction_ratings": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      score?: string;
      start_time?: string;
      end_time?: string;
      app_id?: string;
    };
    answer: Page & {
      satisfaction_ratings: SatisfactionRating[];
      users?: User[];
    };
  };
  "GET /api/v2/satisfaction_ratings/count": {
    query: {
      score?: string;
      start_time?: string;
      end_time?: string;
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/satisfaction_ratings/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      satisfaction_rating: SatisfactionRating;
    };
  };
  "GET /api/v2/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      query?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      results: (FoundTicket | FoundUser | FoundGroup | FoundOrganization)[];
      facets?: null;
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/search/count": {
    query: {
      query?: string;
      app_id?: string;
    };
    answer: {
      count: number;
    };
  };
  "GET /api/v2/search/export": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      query?: string;
      "filter[type]"?: string;
      sort?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      results: (FoundTicket | FoundUser | FoundGroup | FoundOrganization)[];
      facets?: null;
    };
  };
  "GET /api/v2/slas/policies": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      sla_policies: SlaPolicy[];
    };
  };
  "POST /api/v2/slas/policies": {
    query: {
      app_id?: string;
    };
    body: {
      sla_policy: DeskPolicyBody;
    };
    answer: {
      sla_policy: SlaPolicy;
    };
  };
  "GET /api/v2/slas/policies/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/slas/policies/definitions": {
    query: {
      app_id?: string;
    };
    answer: {
      definitions: Definitions;
    };
  };
  "PUT /api/v2/slas/policies/reorder": {
    query: {
      app_id?: string;
    };
    body: {
      sla_policy_ids: number[];
    };
    answer: {
      sla_policies: SlaPolicy[];
      count?: number;
    };
  };
  "GET /api/v2/slas/policies/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      sla_policy: SlaPolicy;
    };
  };
  "PUT /api/v2/slas/policies/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      sla_policy: DeskPolicyBody;
    };
    answer: {
      sla_policy: SlaPolicy;
    };
  };
  "DELETE /api/v2/slas/policies/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/tags": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      tags: TagCount[];
    };
  };
  "GET /api/v2/tags/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/ticket_audits": {
    query: {
      cursor?: string;
      limit?: string;
      direction?: string;
      include?: string;
      app_id?: string;
    };
    answer: {
      audits: Audit[];
      users?: User[];
      after_cursor?: string | null;
      after_url?: string | null;
      before_cursor?: string | null;
      before_url?: string | null;
    };
  };
  "GET /api/v2/ticket_fields": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      ticket_fields: TicketField[];
    };
  };
  "POST /api/v2/ticket_fields": {
    query: {
      app_id?: string;
    };
    body: {
      ticket_field: DeskFieldBody;
    };
    answer: {
      ticket_field: TicketField;
    };
  };
  "GET /api/v2/ticket_fields/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/ticket_fields/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      ticket_fields: DeskFieldBody[];
    };
    answer: {
      ticket_fields: TicketField[];
    };
  };
  "DELETE /api/v2/ticket_fields/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/ticket_fields/reorder": {
    query: {
      app_id?: string;
    };
    body: {
      ticket_field_ids: number[];
    };
    answer: {
      ticket_fields: TicketField[];
      count?: number;
    };
  };
  "PUT /api/v2/ticket_fields/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      ticket_fields: DeskFieldBody[];
    };
    answer: {
      ticket_fields: TicketField[];
      count?: number;
    };
  };
  "GET /api/v2/ticket_fields/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      ticket_field: TicketField;
    };
  };
  "PUT /api/v2/ticket_fields/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      ticket_field: DeskFieldBody;
    };
    answer: {
      ticket_field: TicketField;
    };
  };
  "DELETE /api/v2/ticket_fields/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/ticket_fields/{id}/options": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      custom_field_options: FieldOption[];
    };
  };
  "POST /api/v2/ticket_fields/{id}/options": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      custom_field_option: DeskOptionBody;
    };
    answer: {
      custom_field_option: FieldOption;
    };
  };
  "GET /api/v2/ticket_fields/{id}/options/{option_id}": {
    path: {
      id: number;
      option_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      custom_field_option: FieldOption;
    };
  };
  "DELETE /api/v2/ticket_fields/{id}/options/{option_id}": {
    path: {
      id: number;
      option_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/ticket_metrics": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      ticket_metrics: TicketMetric[];
    };
  };
  "GET /api/v2/ticket_metrics/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      ticket_metric: TicketMetric;
    };
  };
  "GET /api/v2/tickets": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      external_id?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "POST /api/v2/tickets": {
    query: {
      include?: string;
      app_id?: string;
    };
    body: {
      ticket: TicketBody;
    };
    answer: {
      ticket: Ticket;
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
      audit?: Audit | EmptyAudit;
    };
  };
  "GET /api/v2/tickets/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/tickets/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      tickets: TicketBody[];
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "DELETE /api/v2/tickets/destroy_many": {
    query: {
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "GET /api/v2/tickets/recent": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/tickets/show_many": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "PUT /api/v2/tickets/update_many": {
    query: {
      ids?: string;
      external_ids?: string;
      app_id?: string;
    };
    body: {
      tickets?: TicketBody[];
      ticket?: TicketBody;
    };
    answer: {
      job_status: JobStatus;
    };
  };
  "GET /api/v2/tickets/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      app_id?: string;
    };
    answer: {
      ticket: Ticket;
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "PUT /api/v2/tickets/{id}": {
    path: {
      id: number;
    };
    query: {
      include?: string;
      app_id?: string;
    };
    body: {
      ticket: TicketBody;
    };
    answer: {
      ticket: Ticket;
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
      audit?: Audit | EmptyAudit;
    };
  };
  "DELETE /api/v2/tickets/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/tickets/{id}/audits": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      audits: Audit[];
      users?: User[];
    };
  };
  "GET /api/v2/tickets/{id}/audits/{audit_id}": {
    path: {
      id: number;
      audit_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      audit: Audit;
    };
  };
  "GET /api/v2/tickets/{id}/collaborators": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/tickets/{id}/comments": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      comments: Comment[];
      users?: User[];
    };
  };
  "GET /api/v2/tickets/{id}/comments/count": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "PUT /api/v2/tickets/{id}/comments/{comment_id}/attachments/{attachment_id}/redact": {
    path: {
      id: number;
      comment_id: number;
      attachment_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      attachment: UploadedFile;
    };
  };
  "PUT /api/v2/tickets/{id}/comments/{comment_id}/make_private": {
    path: {
      id: number;
      comment_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: Record<string, never>;
  };
  "PUT /api/v2/tickets/{id}/comments/{comment_id}/redact": {
    path: {
      id: number;
      comment_id: number;
    };
    query: {
      app_id?: string;
    };
    body: RedactedText;
    answer: {
      comment: Comment | null;
    };
  };
  "GET /api/v2/tickets/{id}/followers": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/tickets/{id}/incidents": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "POST /api/v2/tickets/{id}/merge": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: MergeBody;
    answer: {
      job_status: JobStatus;
    };
  };
  "GET /api/v2/tickets/{id}/metrics": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      ticket_metric: TicketMetric;
    };
  };
  "GET /api/v2/tickets/{id}/related": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      ticket_related: TicketRelated;
    };
  };
  "POST /api/v2/tickets/{id}/satisfaction_rating": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      satisfaction_rating: RatingBody;
    };
    answer: {
      satisfaction_rating: SatisfactionRating;
    };
  };
  "GET /api/v2/tickets/{id}/tags": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      tags: string[];
    };
  };
  "POST /api/v2/tickets/{id}/tags": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: TagsBody;
    answer: {
      tags: string[];
    };
  };
  "PUT /api/v2/tickets/{id}/tags": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: TagsBody;
    answer: {
      tags: string[];
    };
  };
  "DELETE /api/v2/tickets/{id}/tags": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: TagsBody;
    answer: {
      tags: string[];
    };
  };
  "GET /api/v2/tickets/{ticket_id}/macros/{id}/apply": {
    path: {
      ticket_id: number;
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      result: MacroResult;
    };
  };
  "GET /api/v2/trigger_categories": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      trigger_categories: TriggerCategory[];
    };
  };
  "POST /api/v2/trigger_categories": {
    query: {
      app_id?: string;
    };
    body: {
      trigger_category: DeskCategoryBody;
    };
    answer: {
      trigger_category: TriggerCategory;
    };
  };
  "GET /api/v2/trigger_categories/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/trigger_categories/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      trigger_categories: DeskCategoryBody[];
    };
    answer: {
      trigger_categories: TriggerCategory[];
    };
  };
  "DELETE /api/v2/trigger_categories/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/trigger_categories/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      trigger_categories: DeskCategoryBody[];
    };
    answer: {
      trigger_categories: TriggerCategory[];
      count?: number;
    };
  };
  "GET /api/v2/trigger_categories/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      trigger_category: TriggerCategory;
    };
  };
  "PUT /api/v2/trigger_categories/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      trigger_category: DeskCategoryBody;
    };
    answer: {
      trigger_category: TriggerCategory;
    };
  };
  "DELETE /api/v2/trigger_categories/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/triggers": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      triggers: Trigger[];
    };
  };
  "POST /api/v2/triggers": {
    query: {
      app_id?: string;
    };
    body: {
      trigger: DeskTriggerBody;
    };
    answer: {
      trigger: Trigger;
    };
  };
  "GET /api/v2/triggers/active": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      triggers: Trigger[];
    };
  };
  "GET /api/v2/triggers/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/triggers/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      triggers: DeskTriggerBody[];
    };
    answer: {
      triggers: Trigger[];
    };
  };
  "GET /api/v2/triggers/definitions": {
    query: {
      app_id?: string;
    };
    answer: {
      definitions: Definitions;
    };
  };
  "DELETE /api/v2/triggers/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/triggers/reorder": {
    query: {
      app_id?: string;
    };
    body: {
      trigger_ids: number[];
    };
    answer: {
      triggers: Trigger[];
      count?: number;
    };
  };
  "GET /api/v2/triggers/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      triggers: Trigger[];
    };
  };
  "PUT /api/v2/triggers/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      triggers: DeskTriggerBody[];
    };
    answer: {
      triggers: Trigger[];
      count?: number;
    };
  };
  "GET /api/v2/triggers/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      trigger: Trigger;
    };
  };
  "PUT /api/v2/triggers/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      trigger: DeskTriggerBody;
    };
    answer: {
      trigger: Trigger;
    };
  };
  "DELETE /api/v2/triggers/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "POST /api/v2/uploads": {
    query: {
      filename?: string;
      token?: string;
      app_id?: string;
    };
    body: Blob;
    answer: {
      upload: Upload;
    };
  };
  "DELETE /api/v2/uploads/{token}": {
    path: {
      token: string;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/users": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      role?: string;
      "role[]"?: string;
      external_id?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "POST /api/v2/users": {
    query: {
      app_id?: string;
    };
    body: {
      user: UserBody;
    };
    answer: {
      user: User;
    };
  };
  "GET /api/v2/users/autocomplete": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      name?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/users/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "POST /api/v2/users/create_or_update": {
    query: {
      app_id?: string;
    };
    body: {
      user: UserBody;
    };
    answer: {
      user: User;
    };
  };
  "GET /api/v2/users/me": {
    query: {
      app_id?: string;
    };
    answer: {
      user: User | Nobody;
    };
  };
  "GET /api/v2/users/search": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      query?: string;
      external_id?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/users/show_many": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      ids?: string;
      external_ids?: string;
      messaging_ids?: string;
      app_id?: string;
    };
    answer: Page & {
      users: User[];
    };
  };
  "GET /api/v2/users/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      user: User;
    };
  };
  "PUT /api/v2/users/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      user: UserBody;
    };
    answer: {
      user: User;
    };
  };
  "DELETE /api/v2/users/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      user: User;
    };
  };
  "GET /api/v2/users/{id}/identities": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      identities: Identity[];
    };
  };
  "GET /api/v2/users/{id}/identities/{identity_id}": {
    path: {
      id: number;
      identity_id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      identity: Identity;
    };
  };
  "GET /api/v2/users/{id}/organization_memberships": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organization_memberships: OrganizationMembership[];
    };
  };
  "GET /api/v2/users/{id}/organizations": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organizations: Organization[];
    };
  };
  "POST /api/v2/users/{id}/password": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: PasswordBody;
    answer: null;
  };
  "GET /api/v2/users/{id}/related": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      user_related: UserRelated;
    };
  };
  "GET /api/v2/users/{id}/tickets/assigned": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/users/{id}/tickets/ccd": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/users/{id}/tickets/requested": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/users/{user_id}/group_memberships": {
    path: {
      user_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/users/{user_id}/group_memberships/{id}": {
    path: {
      user_id: number;
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      group_membership: GroupMembership;
    };
  };
  "PUT /api/v2/users/{user_id}/group_memberships/{id}/make_default": {
    path: {
      user_id: number;
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      group_memberships: GroupMembership[];
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/users/{user_id}/groups": {
    path: {
      user_id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      groups: Group[];
    };
  };
  "PUT /api/v2/users/{user_id}/organization_memberships/{id}/make_default": {
    path: {
      user_id: number;
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      app_id?: string;
    };
    answer: Page & {
      organization_memberships: OrganizationMembership[];
    };
  };
  "GET /api/v2/views": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      views: View[];
    };
  };
  "POST /api/v2/views": {
    query: {
      app_id?: string;
    };
    body: {
      view: DeskViewBody;
    };
    answer: {
      view: View;
    };
  };
  "GET /api/v2/views/active": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      views: View[];
    };
  };
  "GET /api/v2/views/compact": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      active?: string;
      "filter[active]"?: string;
      category_id?: string;
      query?: string;
      app_id?: string;
    };
    answer: Page & {
      views: View[];
    };
  };
  "GET /api/v2/views/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/views/count_many": {
    query: {
      ids?: string;
      count_many?: string;
      app_id?: string;
    };
    answer: {
      view_counts: ViewCount[];
    };
  };
  "POST /api/v2/views/create_many": {
    query: {
      app_id?: string;
    };
    body: {
      views: DeskViewBody[];
    };
    answer: {
      views: View[];
    };
  };
  "GET /api/v2/views/definitions": {
    query: {
      app_id?: string;
    };
    answer: {
      definitions: Definitions;
    };
  };
  "DELETE /api/v2/views/destroy_many": {
    query: {
      ids?: string;
      app_id?: string;
    };
    answer: null;
  };
  "PUT /api/v2/views/update_many": {
    query: {
      app_id?: string;
    };
    body: {
      views: DeskViewBody[];
    };
    answer: {
      views: View[];
      count?: number;
    };
  };
  "GET /api/v2/views/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      view: View;
    };
  };
  "PUT /api/v2/views/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      view: DeskViewBody;
    };
    answer: {
      view: View;
    };
  };
  "DELETE /api/v2/views/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /api/v2/views/{id}/count": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      view_count: ViewCount;
    };
  };
  "GET /api/v2/views/{id}/execute": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      rows: {
        ticket_id: number;
        ticket: TicketInRow;
        [other: string]: unknown;
      }[];
      columns?: ViewColumn[];
      view?: ViewShown;
      users?: User[];
      groups?: Group[];
    };
  };
  "GET /api/v2/views/{id}/tickets": {
    path: {
      id: number;
    };
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_by?: string;
      sort_order?: string;
      include?: string;
      app_id?: string;
    };
    answer: Page & {
      tickets: Ticket[];
      users?: User[];
      groups?: Group[];
      metric_sets?: TicketMetric[];
      organizations?: Organization[];
    };
  };
  "GET /api/v2/webhooks": {
    query: {
      page?: number;
      per_page?: number;
      "page[size]"?: number;
      "page[after]"?: string;
      "page[before]"?: string;
      sort?: string;
      sort_order?: string;
      app_id?: string;
    };
    answer: Page & {
      webhooks: Webhook[];
    };
  };
  "POST /api/v2/webhooks": {
    query: {
      app_id?: string;
    };
    body: {
      webhook: DeskWebhookBody;
    };
    answer: {
      webhook: Webhook;
    };
  };
  "GET /api/v2/webhooks/count": {
    query: {
      app_id?: string;
    };
    answer: {
      count: Count;
    };
  };
  "GET /api/v2/webhooks/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: {
      webhook: Webhook;
    };
  };
  "PUT /api/v2/webhooks/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      webhook: DeskWebhookBody;
    };
    answer: {
      webhook: Webhook;
    };
  };
  "PATCH /api/v2/webhooks/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    body: {
      webhook: DeskWebhookBody;
    };
    answer: {
      webhook: Webhook;
    };
  };
  "DELETE /api/v2/webhooks/{id}": {
    path: {
      id: number;
    };
    query: {
      app_id?: string;
    };
    answer: null;
  };
  "GET /attachments/{appId}/{key}/{name}": {
    path: {
      appId: string;
      key: string;
      name: string;
    };
    query: {
      expires?: string;
      signature?: string;
    };
    answer: string;
  };
  "GET /healthz": {
    answer: Healthy;
  };
  "POST /messaging/v1/attachments": {
    query: {
      access?: string;
      for?: string;
      conversationId?: string;
    };
    body: Blob;
    answer: {
      attachment: Attachment;
    };
  };
  "GET /messaging/v1/attachments/{attachmentId}": {
    path: {
      attachmentId: string;
    };
    answer: {
      attachment: Attachment;
    };
  };
  "GET /messaging/v1/conversations": {
    answer: {
      conversations: ListedConversation[];
    };
  };
  "POST /messaging/v1/conversations": {
    body: ConversationBody;
    answer: {
      conversation: ListedConversation;
    };
  };
  "GET /messaging/v1/integrations/{integrationId}/articles": {
    path: {
      integrationId: string;
    };
    query: {
      query?: string;
      locale?: string;
    };
    answer: {
      results: ArticleLine[];
    };
  };
  "GET /messaging/v1/integrations/{integrationId}/articles/{number}": {
    path: {
      integrationId: string;
      number: string;
    };
    query: {
      locale?: string;
    };
    answer: {
      article: ArticleToRead;
    };
  };
  "GET /messaging/v1/integrations/{integrationId}/config": {
    path: {
      integrationId: string;
    };
    answer: {
      integration: WidgetIntegration;
      settings: {
        canUserSeeConversationList: boolean;
        canUserCreateMoreConversations: boolean;
        attachmentsEnabled: boolean;
        multiConvoEnabled: boolean;
        endSessionEnabled: boolean;
        attachmentMaxBytes: number;
        helpCentreUrl: string | null;
        showAIDisclaimer?: boolean;
        brandColor?: string;
        fixedIntroPane?: boolean;
        conversationColor?: string;
        actionColor?: string;
        displayStyle?: "button" | "tab";
        buttonIconUrl?: string;
        buttonWidth?: string;
        buttonHeight?: string;
        integrationOrder?: string[];
        businessName?: string;
        businessIconUrl?: string;
        backgroundImageUrl?: string;
        prechatCapture?: PrechatCapture;
      };
    };
  };
  "POST /messaging/v1/sessions": {
    body: VisitorBody;
    answer: VisitorSession;
  };
  "DELETE /messaging/v1/sessions": {
    answer: Record<string, never>;
  };
  "GET /messaging/v1/stream": {
    answer: never;
  };
  "GET /metrics": {
    answer: string;
  };
  "GET /readyz": {
    answer: Ready;
  };
}
