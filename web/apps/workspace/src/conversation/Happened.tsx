/** What happened between two messages, in a quiet line. */

import { Bot, CircleDot, CircleStop, Flag, MoonStar, MousePointerClick, Star, Ticket, Trash2, TriangleAlert, UserRound, UsersRound, type LucideIcon } from "lucide-react";
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
};

export const Happened = memo(Line, (one, other) => one.at === other.at && one.those.length === other.those.length);

function Line({ those, at }: { those: readonly Happening[]; at: string }) {
  const { language, texts } = useLanguage();
  const names = useNames();
  return (
    <li className="talk-happened">
      {those.map(({ sign, words }, place) => {
        const Icon = SIGNS[sign];
        return (
          <span key={place} className={sign} dir="auto">
            <Icon size={13} aria-hidden /> {words(texts, names)}
          </span>
        );
      })}
      <time dateTime={at} title={instant(language, at)}>
        {clockTime(language, at)}
      </time>
    </li>
  );
}
