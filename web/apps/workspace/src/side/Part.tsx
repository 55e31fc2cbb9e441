/** What the pane's parts have in common: a titled part, a line of it, and how loading and failing look. */

import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { useTexts } from "../texts/language.js";
import { Button, Skeleton } from "../ui/index.js";

export function Part({ title, trailing, children }: { title: string; trailing?: ReactNode; children: ReactNode }) {
  return (
    <section className="side-part">
      <header>
        <h3>{title}</h3>
        {trailing}
      </header>
      {children}
    </section>
  );
}

/** A name and what it is, as rows of a list of descriptions. */
export function Facts({ rows }: { rows: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="side-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Loading({ lines = 6 }: { lines?: number }) {
  const texts = useTexts();
  return (
    <div className="side-loading" role="status" aria-label={texts.loading}>
      {Array.from({ length: lines }, (_, at) => (
        <Skeleton key={at} width={`${90 - ((at * 23) % 45)}%`} height={at % 3 === 0 ? 18 : 12} />
      ))}
    </div>
  );
}

export function Failed({ again }: { again: () => void }) {
  const texts = useTexts();
  return (
    <div className="side-failed" role="alert">
      <p>{texts.sideFailed}</p>
      <Button size="small" onPress={again}>
        <RotateCw size={14} aria-hidden /> {texts.sideAgain}
      </Button>
    </div>
  );
}
