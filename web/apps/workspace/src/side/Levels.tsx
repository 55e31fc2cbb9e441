/** Service levels at a glance, the most urgent first, with clocks that run. */

import { useEffect, useState } from "react";
import type { PolicyMetric } from "../rest/index.js";
import { useLanguage } from "../texts/language.js";
import { Badge } from "../ui/index.js";
import { levelName, sorted, standing, tone, type Standing } from "./levels.js";
import { span } from "./times.js";

const TICK_MS = 15_000;

/** The instant, again every quarter of a minute. */
export function useNow(everyMs = TICK_MS): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Levels({ levels }: { levels: readonly PolicyMetric[] }) {
  const now = useNow();
  const { language, texts } = useLanguage();
  if (levels.length === 0) return null;
  const said = (found: Standing): string => {
    switch (found.kind) {
      case "running":
        return texts.levelIn(span(language, found.leftMs));
      case "late":
        return texts.levelLate(span(language, found.byMs));
      case "paused":
        return texts.levelPaused;
      case "kept":
        return texts.levelKept;
      case "missed":
        return texts.levelMissed;
    }
  };
  return (
    <ul className="side-levels" aria-label={texts.levels}>
      {sorted(levels, now).map((level) => {
        const found = standing(level, now);
        return (
          <li key={level.metric}>
            <span>{levelName(texts, level.metric)}</span>
            <Badge tone={tone(found, level)}>{said(found)}</Badge>
          </li>
        );
      })}
    </ul>
  );
}
