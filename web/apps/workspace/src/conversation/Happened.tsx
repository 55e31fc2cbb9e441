/** What happened between two messages, in a quiet line. */

import { Bot, CircleDot, CircleStop, Flag, Globe, MoonStar, MousePointerClick, Star, Ticket, Trash2, TriangleAlert, UserRound, UsersRound, type LucideIcon } from "lucide-react";
import { webUrl } from "@causerie/client/safe";
import { memo } from "react";
import { useLanguage } from "../texts/language.js";
import type { Happening, Sign } from "./happenings.js";
import { clockTime, instant } from "./times.js";
import { useNames } from "./useNames.js";

const SIGNS: Record<Sign, LucideIcon> = {
  start: Flag,
  person: UserRound,
  bot: Bot,
  people: UsersRound,
  away: MoonStar,
  ticket: Ticket,
  status: CircleDot,
  end: CircleStop,
  star: Star,
  press: MousePointerClick,
  trash: Trash2,
  warning: TriangleAlert,
  page: Globe,
};

export const Happened = memo(Line, (one, other) => one.at === other.at && one.those.length === other.those.length);

function Line({ those, at }: { those: readonly Happening[]; at: string }) {
  const { language, texts } = useLanguage();
  const names = useNames();
  return (
    <li className="talk-happened">
      {those.map(({ sign, words, link }, place) => {
        const Icon = SIGNS[sign];
        const href = link === undefined ? null : webUrl(link);
        return (
          <span key={place} className={sign} dir="auto">
            <Icon size={13} aria-hidden />{" "}
            {href === null ? (
              words(texts, names)
            ) : (
              <a href={href} title={href} target="_blank" rel="noreferrer noopener">
                {words(texts, names)}
              </a>
            )}
          </span>
        );
      })}
      <time dateTime={at} title={instant(language, at)}>
        {clockTime(language, at)}
      </time>
    </li>
  );
}
