/** A row: who, when, the last words, and how far it is. */

import { Bot, Flag, Globe, Mail, MessageSquare, Smartphone, StickyNote, type LucideIcon } from "lucide-react";
import { AGENTS, BOT } from "@causerie/agent";
import { memo } from "react";
import { useMinute } from "../shell/now.js";
import { useLanguage } from "../texts/language.js";
import type { Texts } from "../texts/index.js";
import { Avatar } from "../ui/Avatar.js";
import { statusName, statusTone } from "../side/names.js";
import { Badge } from "../ui/Badge.js";
import { previewOf } from "./preview.js";
import type { Row } from "./rows.js";
import { ago, exactly } from "./times.js";

const CHANNELS: Record<string, LucideIcon> = { web: Globe, api: Bot, email: Mail, ios: Smartphone, android: Smartphone };

export const RowView = memo(function RowView({ row }: { row: Row }) {
  const { texts, language } = useLanguage();
  const now = useMinute();
  const name = row.name ?? row.summary?.displayName ?? texts.visitor;
  const Channel = row.channel === null ? null : (CHANNELS[row.channel] ?? MessageSquare);
  return (
    <>
      <span className="row-face">
        <Avatar name={name} seed={row.userId ?? row.key} url={row.avatarUrl} size={38} />
        {Channel !== null && (
          <i className="row-channel">
            <Channel size={11} aria-hidden />
          </i>
        )}
      </span>
      <span className="row-words">
        <span className="row-top">
          <strong className="row-name" dir="auto">{name}</strong>
          {row.at > 0 && (
            <time className="row-time" dateTime={new Date(row.at).toISOString()} title={exactly(row.at, language)}>
              {ago(row.at, now, language, texts.justNow)}
            </time>
          )}
        </span>
        <span className="row-bottom">
          <Words row={row} texts={texts} />
        </span>
        <span className="row-marks">
          {row.ticket !== null && <span className="row-number">#{row.ticket}</span>}
          {row.status !== null && <Badge tone={statusTone(row.status)}>{statusName(texts, row.status)}</Badge>}
          {(row.priority === "urgent" || row.priority === "high") && (
            <Badge tone={row.priority === "urgent" ? "bad" : "warn"}>
              <Flag size={10} aria-hidden />
              {texts.priorityOf(row.priority)}
            </Badge>
          )}
          <Holder row={row} texts={texts} />
          {row.unread > 0 && (
            <span className="count accent row-unread">
              <span aria-hidden>{row.unread > 99 ? "99+" : row.unread}</span>
              <span className="visually-hidden">{texts.unread(row.unread)}</span>
            </span>
          )}
        </span>
      </span>
    </>
  );
});

function Words({ row, texts }: { row: Row; texts: Texts }) {
  const { last } = row;
  if (last === null) return <span className="row-preview" dir="auto">{row.subject ?? (row.ticket === null ? texts.noMessageKnown : "")}</span>;
  const preview = previewOf(last);
  const words = preview.kind === "words" ? preview.words : texts.previewOf(preview.kind);
  return (
    <>
      {last.internal && <StickyNote className="row-note" size={12} aria-label={texts.note} />}
      <span className="row-preview" dir="auto">
        {!last.internal && last.author.type !== "user" && <span className="row-who">{texts.said(last.author.displayName ?? "")}</span>}
        {words}
      </span>
    </>
  );
}

/** Who answers, where that is not the people. */
function Holder({ row, texts }: { row: Row; texts: Texts }) {
  const active = row.summary?.activeSwitchboardIntegration ?? null;
  if (active === null || active.integrationType === AGENTS) return null;
  return (
    <Badge>
      <Bot size={11} aria-hidden />
      {active.integrationType === BOT ? texts.bot : active.name}
    </Badge>
  );
}
