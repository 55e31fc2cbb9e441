/** Who the conversation is with and how it stands, and what may be done with it as a whole. */

import { BOT, OrderRefused, type Orders, type Thread } from "@causerie/agent";
import { useAgent, useOrders } from "@causerie/agent/react";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, ArrowRightLeft, Bot, ChevronDown, CircleDot, CircleStop, Eye, Hand } from "lucide-react";
import { useState } from "react";
import { useConversationKeys } from "../keys/useConversationKeys.js";
import { keys, tickets, useRest } from "../rest/index.js";
import { openNothing } from "../route.js";
import { SideToggle } from "../shell/SideToggle.js";
import { statusName, statusTone } from "../side/names.js";
import { Transfer } from "../side/Transfer.js";
import type { Texts } from "../texts/index.js";
import { useTexts } from "../texts/language.js";
import { Avatar, Badge, Button, Hint, IconButton, Menu, MenuItem, MenuSeparator, notify } from "../ui/index.js";
import { memberName } from "./happenings.js";
import { holderOf } from "./rows.js";
import { useNames } from "./useNames.js";

export function Header({ id, thread }: { id: string; thread: Thread }) {
  const texts = useTexts();
  const person = usePerson(id, thread);
  return (
    <header className="talk-header">
      <IconButton label={texts.back} className="talk-back" onPress={openNothing}>
        <ArrowLeft size={18} aria-hidden />
      </IconButton>
      <Avatar name={person.name} seed={person.seed} url={person.avatarUrl} size={34} />
      <div className="talk-who">
        <h1 dir="auto">{person.name}</h1>
        <p>
          <Facts id={id} thread={thread} />
        </p>
      </div>
      <Viewers thread={thread} />
      <Doing id={id} thread={thread} />
      <SideToggle />
    </header>
  );
}

interface Person {
  name: string;
  seed: string;
  avatarUrl: string | null;
}

/** The name that they write under; of who has not written since, what the server knows. */
function usePerson(id: string, thread: Thread): Person {
  const rest = useRest();
  const texts = useTexts();
  const summary = useSummary(id);
  const heard = thread.customer ?? summary?.customer ?? null;
  const dossier = useQuery({ queryKey: keys.dossier(id), queryFn: ({ signal }) => tickets.dossier(rest, id, signal) });
  const known = dossier.data?.value.person ?? null;
  const name = heard?.name || known?.name || thread.name || texts.talkCustomer;
  return { name, seed: heard?.userId ?? known?.messaging_id ?? id, avatarUrl: heard?.avatarUrl ?? known?.photo?.content_url ?? null };
}

const useSummary = (id: string) => useAgent((state) => state.inbox.conversations.get(id));

const CHANNELS = { web: "talkChannelWeb", api: "talkChannelApi", agent: "talkChannelAgent" } as const;

export function channelName(texts: Texts, channel: string): string {
  if (channel in CHANNELS) return texts[CHANNELS[channel as keyof typeof CHANNELS]];
  return channel.charAt(0).toUpperCase() + channel.slice(1);
}

/** The channel, the ticket, who answers, and whether the customer is there. */
function Facts({ id, thread }: { id: string; thread: Thread }) {
  const texts = useTexts();
  const names = useNames();
  const summary = useSummary(id);
  const ticket = thread.ticket ?? summary?.ticket ?? null;
  const status = ticket?.status ?? (ticket === null ? (thread.status ?? summary?.status ?? null) : "new");
  const channel = thread.channel ?? summary?.channel ?? null;
  const active = thread.active === undefined ? summary?.activeSwitchboardIntegration : thread.active;
  const session = thread.session ?? summary?.session;
  const holder = holderOf(active);
  const who = holder === "people" && ticket?.assigneeId !== undefined ? names.agent(ticket.assigneeId) : memberName(texts, active);
  const words = [
    channel === null ? "" : channelName(texts, channel),
    (ticket?.number ?? 0) > 0 ? texts.ticketNumber(ticket?.number ?? 0) : "",
    who === "" ? "" : texts.talkWith(who),
    session === "inactive" ? texts.talkSessionQuiet : session === "ended" ? texts.talkSessionEnded : "",
  ];
  return (
    <>
      {status !== null && <Badge tone={statusTone(status)}>{statusName(texts, status)}</Badge>}
      <span dir="auto">{words.filter((one) => one !== "").join(" · ")}</span>
    </>
  );
}

/** Other agents who have it open too. */
function Viewers({ thread }: { thread: Thread }) {
  const texts = useTexts();
  const names = useNames();
  if (thread.viewers.length === 0) return null;
  const all = thread.viewers.map((one) => ({ ...one, name: one.name || names.agent(one.id) }));
  const words = texts.talkViewing(all.map((one) => one.name).join(", "));
  return (
    <span className="talk-viewers" role="status" title={words}>
      <Eye size={14} aria-hidden />
      {all.slice(0, 3).map((one) => (
        <Avatar key={one.id} name={one.name} seed={one.id} size={22} />
      ))}
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** Do something that the server may refuse, and say so when it does. */
export function useTried(): (work: () => Promise<unknown>) => Promise<boolean> {
  const texts = useTexts();
  return async (work) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const words = error instanceof OrderRefused && error.code === "unreachable" ? texts.talkUnreachable : texts.talkRefused(error.message);
      notify({ tone: "bad", words });
      return false;
    }
  };
}

/** What an item of the menu does: a status, or one of the two others. */
function act(orders: Orders, id: string, key: string): Promise<unknown> {
  if (key === "end") return orders.endSession(id);
  return key === "bot" ? orders.control(id, "pass", BOT) : orders.setStatus(id, key as (typeof STATUSES)[number]);
}

const STATUSES = ["open", "pending", "hold", "solved"] as const;

function Doing({ id, thread }: { id: string; thread: Thread }) {
  const texts = useTexts();
  const orders = useOrders();
  const tried = useTried();
  const me = useAgent((state) => state.me?.id);
  const [isHanding, setHanding] = useState(false);
  const holder = holderOf(thread.active);
  const summary = useSummary(id);
  const assignee = (thread.ticket ?? summary?.ticket)?.assigneeId;
  const isMine = holder === "people" && assignee !== undefined && assignee === me;
  useConversationKeys({ id, isMine, transfer: () => setHanding(true) });
  const session = thread.session ?? summary?.session;
  const mayEnd = session === "active" || session === "inactive";
  return (
    <div className="talk-doing">
      {!isMine && (
        <Button size="small" variant="primary" onPress={() => void tried(() => orders.take(id))} aria-label={texts.talkTake}>
          {holder === "bot" || holder === "program" ? <Bot size={15} aria-hidden /> : <Hand size={15} aria-hidden />}
          <span className="talk-wide">{texts.talkTake}</span>
        </Button>
      )}
      <Hint text={texts.talkTransfer} keys="t">
        <Button size="small" onPress={() => setHanding(true)} aria-label={texts.talkTransfer}>
          <ArrowRightLeft size={15} aria-hidden /> <span className="talk-wider">{texts.talkTransfer}</span>
        </Button>
      </Hint>
      <Menu
        placement="bottom end"
        trigger={
          <Button size="small" aria-label={texts.talkSetStatus}>
            <CircleDot size={15} aria-hidden /> <span className="talk-wide">{texts.talkSetStatus}</span> <ChevronDown size={14} aria-hidden />
          </Button>
        }
        onAction={(key) => void tried(() => act(orders, id, String(key)))}
      >
        {STATUSES.map((status) => (
          <MenuItem key={status} id={status} textValue={statusName(texts, status)}>
            <Badge tone={statusTone(status)}>{statusName(texts, status)}</Badge>
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem id="bot" icon={Bot} isDisabled={holder !== "people"}>
          {texts.talkToBot}
        </MenuItem>
        <MenuItem id="end" icon={CircleStop} isDisabled={!mayEnd} description={texts.talkEndHint}>
          {texts.talkEnd}
        </MenuItem>
      </Menu>
      <Transfer conversation={id} isOpen={isHanding} onOpenChange={setHanding} />
    </div>
  );
}
