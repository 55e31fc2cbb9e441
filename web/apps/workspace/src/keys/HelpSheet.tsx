/** What each key does. */

import { Fragment } from "react";
import { useTexts } from "../texts/language.js";
import { Dialog } from "../ui/Dialog.js";
import { IS_MAC, shown, type Binding, type KeyGroup } from "./keys.js";
import { useBindings } from "./useKeys.js";
import "./keys.css";

const GROUPS: readonly KeyGroup[] = ["moving", "conversation", "lists", "page"];

/** One line for what several keys do. */
export function lines(bindings: readonly Binding[]): { words: string; keys: string[] }[] {
  const found = new Map<string, string[]>();
  for (const one of bindings) {
    const known = found.get(one.words) ?? [];
    if (!known.includes(one.keys)) found.set(one.words, [...known, one.keys]);
  }
  return [...found].map(([words, keys]) => ({ words, keys }));
}

export default function HelpSheet({ onClose }: { onClose: () => void }) {
  const texts = useTexts();
  const bindings = useBindings();
  return (
    <Dialog title={texts.keys} size="large" isOpen onOpenChange={(open) => !open && onClose()}>
      <div className="help-sheet">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{texts.keyGroups[group]}</h3>
            <dl>
              {lines(bindings.filter((one) => one.group === group)).map(({ words, keys }) => (
                <div key={words}>
                  <dt>{words}</dt>
                  <dd>
                    {keys.map((one, at) => (
                      <Fragment key={one}>
                        {at > 0 && <span>{texts.or}</span>}
                        {shown(one, IS_MAC).map((key, place) => (
                          <kbd key={place}>{key}</kbd>
                        ))}
                      </Fragment>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
