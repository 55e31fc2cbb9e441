import type { ReactNode } from "react";

export type Tone = "neutral" | "accent" | "good" | "warn" | "bad";

/** A word or two with a colour: a status, a tag. */
export function Badge({ tone = "neutral", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

/** A number of things that wait; nothing when there are none. */
export function Count({ of, tone = "neutral", most = 99_999 }: { of: number; tone?: "neutral" | "accent"; most?: number }) {
  if (of <= 0) return null;
  return <span className={`count ${tone}`}>{of > most ? `${most.toLocaleString()}+` : of.toLocaleString()}</span>;
}
