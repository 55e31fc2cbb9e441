/** How a service level stands at an instant: what to say of it, and how urgent it looks. Pure. */

import type { PolicyMetric } from "../rest/index.js";
import type { Texts } from "../texts/index.js";

export type Standing =
  | { kind: "running"; leftMs: number }
  | { kind: "late"; byMs: number }
  | { kind: "paused" }
  | { kind: "kept" }
  | { kind: "missed" };

const SOON = 0.25;

export function standing(level: PolicyMetric, now: number): Standing {
  const due = level.breach_at === null ? null : Date.parse(level.breach_at);
  const isLate = due !== null && due <= now;
  if (level.stage === "achieved") return isLate ? { kind: "missed" } : { kind: "kept" };
  if (isLate) return { kind: "late", byMs: now - due };
  if (level.stage === "paused" || due === null) return { kind: "paused" };
  return { kind: "running", leftMs: due - now };
}

export function tone(found: Standing, level: PolicyMetric): "good" | "warn" | "bad" | "neutral" {
  switch (found.kind) {
    case "late":
    case "missed":
      return "bad";
    case "running":
      return found.leftMs < level.target_minutes * 60_000 * SOON ? "warn" : "neutral";
    case "kept":
      return "good";
    case "paused":
      return "neutral";
  }
}

/** The most urgent first: late, then by what is left, then what does not run. */
export function sorted(levels: readonly PolicyMetric[], now: number): PolicyMetric[] {
  const weight = (level: PolicyMetric): number => {
    const found = standing(level, now);
    if (found.kind === "late") return -found.byMs;
    return found.kind === "running" ? found.leftMs : Number.MAX_SAFE_INTEGER;
  };
  return [...levels].sort((one, other) => weight(one) - weight(other));
}

const NAMES = {
  first_reply_time: "levelFirstReply",
  next_reply_time: "levelNextReply",
  requester_wait_time: "levelWait",
  agent_work_time: "levelWork",
  pausable_update_time: "levelUpdate",
  periodic_update_time: "levelUpdate",
  total_resolution_time: "levelResolution",
} as const;

export function levelName(texts: Texts, metric: string): string {
  const name = NAMES[metric as keyof typeof NAMES];
  return name === undefined ? metric : texts[name];
}
