/** A ticket: what stands in it, how long there is time, and what became of it. What is chosen is saved at once. */

import { UserRoundPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useSession } from "../session/SessionProvider.js";
import type { Field as FieldOf, FieldValue, RestError, Ticket, TicketChange, TicketStatus } from "../rest/index.js";
import { useLanguage, useTexts } from "../texts/language.js";
import { Badge, Button, Field, Select, type Choice } from "../ui/index.js";
import { Audits } from "./Audits.js";
import { valueOf } from "./changes.js";
import { Levels } from "./Levels.js";
import { Links } from "./Links.js";
import { channelName, fieldName, PRIORITIES, priorityName, STATUSES, statusName, statusTone, TYPES, typeName, valueName, type Known } from "./names.js";
import { OwnField } from "./OwnField.js";
import { Facts, Failed, Loading, Part } from "./Part.js";
import { Tags } from "./Tags.js";
import { instant } from "./times.js";
import { useDesk, useSaving, useTicket, type Saving } from "./useTicket.js";

const NONE = "";
const NOBODY: readonly never[] = [];

export function TicketTab({ number }: { number: number }) {
  const found = useTicket(number);
  const desk = useDesk(found.data?.users ?? NOBODY);
  const saving = useSaving(number);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed again={() => void found.refetch()} />;
  const ticket = found.data.value;
  const shared = { ticket, saving, isClosed: ticket.status === "closed" };
  return (
    <div className="side-ticket">
      <Head {...shared} names={desk.names} />
      <Levels levels={ticket.slas?.policy_metrics ?? NOBODY} />
      <Rating ticket={ticket} />
      <Choices {...shared} desk={desk} />
      <OwnFields {...shared} fields={desk.fields} />
      <Followers {...shared} names={desk.names} agents={desk.agents} />
      <Links ticket={ticket} />
      <About ticket={ticket} />
      <Audits number={number} names={desk.names} />
    </div>
  );
}

interface Shared {
  ticket: Ticket;
  saving: Saving;
  isClosed: boolean;
}

function Head({ ticket, saving, isClosed, names }: Shared & { names: Known }) {
  const texts = useTexts();
  const [subject, setSubject] = useState(ticket.subject);
  useEffect(() => setSubject(ticket.subject), [ticket.subject]);
  const leave = (): void => {
    const written = subject.trim();
    if (written === "" || written === ticket.subject) setSubject(ticket.subject);
    else void saving.save({ subject: written });
  };
  return (
    <header className="side-head">
      <p>
        <span className="side-number">{texts.ticketNumber(ticket.id)}</span>
        <Badge tone={statusTone(ticket.status)}>{statusName(texts, ticket.status)}</Badge>
        <span className="side-saving" role="status">
          {saving.state === "saving" ? texts.ticketSaving : saving.state === "saved" && saving.failure === null && saving.conflict === null ? texts.ticketSaved : ""}
        </span>
      </p>
      <Field label={texts.ticketSubject} value={subject} maxLength={512} isDisabled={isClosed} onChange={setSubject} onBlur={leave} />
      {isClosed && <p className="side-quiet">{texts.ticketClosed}</p>}
      {saving.failure !== null && (
        <p className="side-alert" role="alert">
          {texts.ticketNotSaved(why(saving.failure))}
        </p>
      )}
      {saving.conflict !== null && <Conflicting saving={saving} names={names} />}
    </header>
  );
}

export function why(failure: RestError): string {
  const fields = Object.values(failure.fields ?? {});
  return fields.length > 0 ? fields.join(" ") : failure.message;
}

function Conflicting({ saving, names }: { saving: Saving; names: Known }) {
  const texts = useTexts();
  return (
    <div className="side-alert" role="alert">
      <p>{texts.ticketConflict}</p>
      {saving.conflict?.those.map(({ field, theirs }) => (
        <p key={field} dir="auto">
          {texts.ticketConflictTheirs(fieldName(texts, names, field), valueName(texts, names, field, theirs))}
        </p>
      ))}
      <div className="side-buttons">
        <Button size="small" onPress={() => saving.settle(false)}>
          {texts.ticketTakeTheirs}
        </Button>
        <Button size="small" variant="primary" onPress={() => saving.settle(true)}>
          {texts.ticketKeepMine}
        </Button>
      </div>
    </div>
  );
}

function Rating({ ticket }: { ticket: Ticket }) {
  const texts = useTexts();
  const { score, comment } = ticket.satisfaction_rating;
  if (score === "unoffered") return null;
  const words = score === "good" ? texts.ratingGood : score === "bad" ? texts.ratingBad : texts.ratingOffered;
  return (
    <Part title={texts.ratingTitle} trailing={<Badge tone={score === "good" ? "good" : score === "bad" ? "bad" : "neutral"}>{words}</Badge>}>
      {comment !== undefined && (
        <blockquote className="side-quote" dir="auto">
          {comment}
        </blockquote>
      )}
    </Part>
  );
}

function Choices({ ticket, saving, isClosed, desk }: Shared & { desk: ReturnType<typeof useDesk> }) {
  const texts = useTexts();
  const { agent: own } = useSession();
  const none: Choice = { id: NONE, name: texts.ticketNoneChosen };
  const nobody: Choice = { id: NONE, name: texts.ticketNobody };
  const me = desk.agents.find((one) => one.account_id === own.id);
  const inGroup = desk.agents.filter((one) => ticket.group_id === null || one.group_ids.includes(ticket.group_id) || one.user_id === ticket.assignee_id);
  const numbered = (id: string): number | null => (id === NONE ? null : Number(id));
  const set = (change: TicketChange) => void saving.save(change);
  const statuses = STATUSES.filter((one) => one === ticket.status || (one !== "new" && one !== "closed"));
  return (
    <div className="side-choices">
      <Select
        label={texts.ticketStatus}
        choices={statuses.map((one) => ({ id: one, name: statusName(texts, one) }))}
        selected={ticket.status}
        isDisabled={isClosed}
        onSelect={(id) => set({ status: id as TicketStatus })}
      />
      <Select
        label={texts.ticketPriority}
        choices={[none, ...PRIORITIES.map((one) => ({ id: one, name: priorityName(texts, one) }))]}
        selected={ticket.priority ?? NONE}
        isDisabled={isClosed}
        onSelect={(id) => set({ priority: id === NONE ? null : (id as NonNullable<Ticket["priority"]>) })}
      />
      <Select
        label={texts.ticketType}
        choices={[none, ...TYPES.map((one) => ({ id: one, name: typeName(texts, one) }))]}
        selected={ticket.type ?? NONE}
        isDisabled={isClosed}
        onSelect={(id) => set({ type: id === NONE ? null : (id as NonNullable<Ticket["type"]>) })}
      />
      <Select
        label={texts.ticketGroup}
        choices={[none, ...desk.groups.map((one) => ({ id: String(one.id), name: one.name }))]}
        selected={ticket.group_id === null ? NONE : String(ticket.group_id)}
        isDisabled={isClosed}
        onSelect={(id) => set({ group_id: numbered(id) })}
      />
      <div className="side-wide">
        <Select
          label={texts.ticketAssignee}
          choices={[nobody, ...inGroup.map((one) => ({ id: String(one.user_id), name: one.name }))]}
          selected={ticket.assignee_id === null ? NONE : String(ticket.assignee_id)}
          isDisabled={isClosed}
          onSelect={(id) => set({ assignee_id: numbered(id) })}
        />
        {me !== undefined && ticket.assignee_id !== me.user_id && !isClosed && (
          <Button size="small" variant="quiet" onPress={() => set({ assignee_id: me.user_id })}>
            <UserRoundPlus size={14} aria-hidden /> {texts.ticketTakeIt}
          </Button>
        )}
      </div>
      <div className="side-wide">
        <span className="side-label">{texts.ticketTags}</span>
        <Tags tags={ticket.tags} isDisabled={isClosed} onChange={(tags) => set({ tags })} />
      </div>
    </div>
  );
}

const SYSTEM = new Set(["subject", "description", "status", "tickettype", "priority", "group", "assignee"]);

function OwnFields({ ticket, saving, isClosed, fields }: Shared & { fields: readonly FieldOf[] }) {
  const texts = useTexts();
  const own = fields.filter((one) => !SYSTEM.has(one.type));
  if (own.length === 0) return null;
  const save = (field: FieldOf) => (value: FieldValue) => void saving.save({ custom_fields: [{ id: field.id, value }] });
  return (
    <Part title={texts.ticketFields}>
      <div className="side-fields">
        {own.map((field) => (
          <OwnField key={field.id} field={field} value={valueOf(ticket, field.id)} isDisabled={isClosed} onChange={save(field)} />
        ))}
      </div>
    </Part>
  );
}

function Followers({ ticket, saving, isClosed, names, agents }: Shared & { names: Known; agents: ReturnType<typeof useDesk>["agents"] }) {
  const texts = useTexts();
  const { agent } = useSession();
  const me = agents.find((one) => one.account_id === agent.id)?.user_id;
  const follows = me !== undefined && ticket.follower_ids.includes(me);
  const toggle = (own: number): void => {
    void saving.save({ follower_ids: follows ? ticket.follower_ids.filter((one) => one !== own) : [...ticket.follower_ids, own] });
  };
  const button = me !== undefined && !isClosed && (
    <Button size="small" variant="quiet" onPress={() => toggle(me)}>
      {follows ? texts.ticketUnfollow : texts.ticketFollow}
    </Button>
  );
  return (
    <Part title={texts.ticketFollowers} trailing={button}>
      <p className="side-quiet" dir="auto">
        {ticket.follower_ids.length === 0 ? texts.ticketNoFollowers : valueName(texts, names, "follower_ids", ticket.follower_ids)}
      </p>
    </Part>
  );
}

function About({ ticket }: { ticket: Ticket }) {
  const { language, texts } = useLanguage();
  const rows: (readonly [string, string])[] = [
    [texts.ticketChannel, channelName(texts, ticket.via.channel)],
    [texts.ticketOpened, instant(language, ticket.created_at)],
    [texts.ticketUpdated, instant(language, ticket.updated_at)],
  ];
  if (ticket.due_at !== null) rows.push([texts.ticketDue, instant(language, ticket.due_at)]);
  return <Facts rows={rows} />;
}
