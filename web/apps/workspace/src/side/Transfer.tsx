/** Hands a conversation's ticket over: to an agent, who is asked, to a group or a queue, or back to its own queue. */

import { shallow, useAgent, useOrders } from "@causerie/agent/react";
import { useQuery } from "@tanstack/react-query";
import { CornerUpLeft, Inbox, UsersRound } from "lucide-react";
import { useMemo, useState } from "react";
import { ListBox, ListBoxItem, ListBoxSection } from "react-aria-components/ListBox";
import { Header } from "react-aria-components/Menu";
import { desk, keys, useRest } from "../rest/index.js";
import { useSession } from "../session/SessionProvider.js";
import { useTexts } from "../texts/language.js";
import type { Texts } from "../texts/index.js";
import { Avatar, Button, Dialog, Field, notify, SearchBox, type Presence } from "../ui/index.js";
import { Failed, Loading } from "./Part.js";
import { choices, found, type Choice } from "./targets.js";
import "./side.css";

export interface TransferProps {
  conversation: string;
  isOpen: boolean;
  onOpenChange: (open: boolean) => void;
}

const SHORT_MS = 60_000;
const BACK = "back";

export function Transfer({ conversation, isOpen, onOpenChange }: TransferProps) {
  const texts = useTexts();
  return (
    <Dialog title={texts.transferTitle} isOpen={isOpen} onOpenChange={onOpenChange}>
      {(close) => <Choosing conversation={conversation} close={close} />}
    </Dialog>
  );
}

function Choosing({ conversation, close }: { conversation: string; close: () => void }) {
  const texts = useTexts();
  const orders = useOrders();
  const ticket = useAgent(({ threads, inbox }) => threads[conversation]?.ticket?.id ?? inbox.conversations.get(conversation)?.ticket?.id ?? null);
  const [words, setWords] = useState("");
  const [note, setNote] = useState("");
  const all = useChoices();
  const shown = useMemo(() => found(all.choices, words), [all.choices, words]);
  if (ticket === null) return <p className="side-quiet">{texts.transferNoTicket}</p>;
  const hand = async (id: string): Promise<void> => {
    const to = shown.find((one) => one.id === id);
    close();
    try {
      if (note.trim() !== "") orders.send(conversation, { type: "text", text: note.trim() }, { internal: true });
      await orders.transfer(ticket, to?.target ?? {});
      notify({ tone: "good", words: to === undefined ? texts.transferReturned : texts.transferDone(to.name) });
    } catch (error) {
      notify({ tone: "bad", words: texts.transferFailed((error as Error).message) });
    }
  };
  return (
    <div className="transfer">
      <p>{texts.transferHint}</p>
      <SearchBox label={texts.transferFind} clear={texts.transferClear} value={words} onChange={setWords} autoFocus />
      {all.isPending ? <Loading lines={4} /> : all.isError ? <Failed again={all.again} /> : <Those shown={shown} hand={(id) => void hand(id)} />}
      <Field label={texts.transferNote} lines={2} value={note} onChange={setNote} maxLength={4_000} />
      <div className="side-buttons">
        <Button onPress={() => void hand(BACK)}>
          <CornerUpLeft size={15} aria-hidden /> {texts.transferBack}
        </Button>
      </div>
    </div>
  );
}

function useChoices() {
  const rest = useRest();
  const { agent } = useSession();
  const statuses = useAgent((state) => state.routing.agents, shallow);
  const agents = useQuery({ queryKey: keys.agents, queryFn: ({ signal }) => desk.agents(rest, signal), staleTime: SHORT_MS });
  const groups = useQuery({ queryKey: keys.groups, queryFn: ({ signal }) => desk.groups(rest, signal), staleTime: SHORT_MS });
  const queues = useQuery({ queryKey: keys.queues, queryFn: ({ signal }) => desk.queues(rest, signal), staleTime: SHORT_MS });
  const those = [agents, groups, queues];
  const made = useMemo(
    () => choices({ agents: agents.data ?? [], groups: groups.data ?? [], queues: queues.data ?? [], statuses, me: agent.id }),
    [agents.data, groups.data, queues.data, statuses, agent.id],
  );
  const again = (): void => void Promise.all(those.map((one) => one.refetch()));
  return { choices: made, isPending: those.some((one) => one.isPending), isError: those.some((one) => one.isError), again };
}

function Those({ shown, hand }: { shown: readonly Choice[]; hand: (id: string) => void }) {
  const texts = useTexts();
  const sections = [
    ["agent", texts.transferAgents],
    ["group", texts.transferGroups],
    ["queue", texts.transferQueues],
  ] as const;
  return (
    <ListBox className="menu" aria-label={texts.transferTitle} onAction={(key) => hand(String(key))} selectionMode="none" renderEmptyState={() => <p className="side-quiet">{texts.transferNothing}</p>}>
      {sections.map(([kind, title]) => {
        const those = shown.filter((one) => one.kind === kind);
        if (those.length === 0) return null;
        return (
          <ListBoxSection key={kind} id={kind} className="menu-group">
            <Header>{title}</Header>
            {those.map((one) => (
              <ListBoxItem key={one.id} id={one.id} textValue={one.name} className="menu-item">
                <Mark choice={one} />
                <span className="menu-item-words" dir="auto">
                  {one.name}
                  {one.hint !== "" && <small>{one.hint}</small>}
                </span>
                {one.status !== null && <span className="menu-item-trailing">{statusWord(texts, one.status)}</span>}
              </ListBoxItem>
            ))}
          </ListBoxSection>
        );
      })}
    </ListBox>
  );
}

function Mark({ choice }: { choice: Choice }) {
  if (choice.kind === "agent") return <Avatar name={choice.name} seed={choice.id} size={26} presence={presenceOf(choice.status)} />;
  return choice.kind === "group" ? <UsersRound size={16} aria-hidden /> : <Inbox size={16} aria-hidden />;
}

const WORDS = { online: "transferOnline", away: "transferAway", transfers_only: "transferOnly", offline: "transferOffline" } as const;

/** A status of the app's own has a number and no word here: it is away to new work. */
function presenceOf(status: string | null): Presence {
  return status !== null && status in WORDS ? (status as Presence) : "away";
}

function statusWord(texts: Texts, status: string): string {
  return texts[WORDS[presenceOf(status)]];
}
