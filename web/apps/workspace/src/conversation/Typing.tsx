/** Who writes just now. */

import type { Thread } from "@causerie/agent";
import { useTexts } from "../texts/language.js";
import { Avatar } from "../ui/index.js";
import { useNames } from "./useNames.js";

export function Typing({ typists, customer }: Pick<Thread, "typists" | "customer">) {
  const texts = useTexts();
  const names = useNames();
  return (
    <div className="talk-typing" role="status">
      {typists.map((one) => {
        const name = one.name || (one.isCustomer ? (customer?.name ?? texts.talkCustomer) : names.agent(one.id));
        return (
          <p key={one.id}>
            <Avatar name={name} seed={one.isCustomer ? (customer?.userId ?? name) : one.id} url={one.avatarUrl} size={22} />
            <span className="talk-dots" aria-hidden>
              <i />
              <i />
              <i />
            </span>
            <span>{texts.talkTyping(name)}</span>
          </p>
        );
      })}
    </div>
  );
}
