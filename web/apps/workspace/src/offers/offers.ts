/** Which work this agent is asked to take, and how long it may be taken. Pure. */

import type { State, Work } from "@causerie/agent";

/** The one that ends first stands first. */
export function offersTo(work: State["routing"]["work"], me: string | null): Work[] {
  if (me === null) return [];
  const those = Object.values(work).filter((one) => one.offerId === me && (one.stage === "offered" || one.stage === "handing"));
  return those.sort((one, other) => (one.untilMs ?? Infinity) - (other.untilMs ?? Infinity));
}

/** Seconds left, and as a part of all that there were. Null: it has no end. */
export function left(untilMs: number | undefined, sinceMs: number | undefined, nowMs: number): { seconds: number; part: number } | null {
  if (untilMs === undefined) return null;
  const rest = Math.max(0, untilMs - nowMs);
  const whole = Math.max(1, untilMs - (sinceMs ?? untilMs - 30_000));
  return { seconds: Math.ceil(rest / 1_000), part: Math.min(1, rest / whole) };
}
