/** A form that the customer was asked to fill in, and what they answered. */

import type { FormContent, FormResponseContent } from "@causerie/client";
import { valueOf } from "@causerie/client/words";
import { Check, Clock3 } from "lucide-react";
import { useTexts } from "../../texts/language.js";

export function Form({ content, isAnswered }: { content: FormContent; isAnswered: boolean }) {
  const texts = useTexts();
  const done = isAnswered || content.submitted === true;
  return (
    <div className="talk-form">
      {content.text && <p dir="auto">{content.text}</p>}
      <ul>
        {content.fields.map((field) => (
          <li key={field.name} dir="auto">
            {field.label}
            {field.type === "select" && <small>{field.options.map((one) => one.label).join(" · ")}</small>}
          </li>
        ))}
      </ul>
      <p className="talk-faint">
        {done ? <Check size={13} aria-hidden /> : <Clock3 size={13} aria-hidden />} {done ? texts.talkFormAnswered : texts.talkFormWaits}
      </p>
    </div>
  );
}

export function Answers({ content }: { content: FormResponseContent }) {
  return (
    <dl className="talk-answers">
      {content.fields.map((answer) => (
        <div key={answer.name}>
          <dt dir="auto">{answer.label}</dt>
          <dd dir="auto">{valueOf(answer)}</dd>
        </div>
      ))}
    </dl>
  );
}
