/** A form to fill in, and one that was filled in. */

import type { Answer, Field, FormContent, FormResponseContent } from "@causerie/client";
import { valueOf } from "@causerie/client/words";
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useMessenger, useTexts } from "../hooks.js";
import type { Shown } from "../model.js";
import type { Texts } from "../texts/index.js";
import { Icon } from "../views/Icons.js";

type Values = Record<string, string>;

export function Form({ message, content, response }: { message: Shown; content: FormContent; response: Shown | undefined }): JSX.Element {
  const messenger = useMessenger();
  const texts = useTexts();
  if (response !== undefined || content.submitted) return <Done text={content.text} label={texts.submitted} />;
  const submit = (answers: Answer[]): void => {
    const quoted = answers.map((answer) => ({ ...answer, quotedMessageId: message.id ?? "" }));
    void messenger.say({ type: "formResponse", fields: quoted });
  };
  return (
    <div class="form">
      {content.text && (
        <p class="form-text" dir="auto">
          {content.text}
        </p>
      )}
      <Fields fields={content.fields} label={texts.submit} submit={submit} />
    </div>
  );
}

/** Fields with a button. What is wrong is said beside its field, and the first such field gets the focus. */
export function Fields({ fields, label, submit }: { fields: readonly Field[]; label: string; submit: (answers: Answer[]) => void }): JSX.Element {
  const texts = useTexts();
  const [values, setValues] = useState<Values>({});
  const [tried, setTried] = useState(false);
  const box = useRef<HTMLFormElement>(null);
  const wrong = (field: Field): string | null => problem(field, values[field.name] ?? "", texts);
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const first = fields.findIndex((field) => wrong(field) !== null);
    if (first < 0) return submit(fields.map((field) => answerOf(field, values[field.name] ?? "")));
    box.current?.querySelectorAll<HTMLElement>("input, select")[first]?.focus();
  };
  return (
    <form class="fields" ref={box} onSubmit={onSubmit} noValidate>
      {fields.map((field) => (
        <Entry
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          error={tried ? wrong(field) : null}
          change={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      <button type="submit" class="action primary">
        {label}
      </button>
    </form>
  );
}

interface EntryProps {
  field: Field;
  value: string;
  error: string | null;
  change: (value: string) => void;
}

function Entry({ field, value, error, change }: EntryProps): JSX.Element {
  const id = useId();
  const { select } = useTexts();
  const shared = { id, class: "input", dir: "auto" as const, "aria-invalid": error !== null, "aria-describedby": error === null ? undefined : `${id}-error` };
  return (
    <div class="field">
      <label for={id} dir="auto">
        {field.label}
      </label>
      {field.type === "select" ? (
        <select {...shared} value={value} onChange={(event) => change(event.currentTarget.value)}>
          <option value="">{field.placeholder ?? select}</option>
          {field.options.map((option) => (
            <option key={option.name} value={option.name}>
              {option.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...shared}
          type={(field.type === "email" ? "email" : "text") as "email"}
          inputMode={field.type === "email" ? "email" : field.format === "integer" ? "numeric" : field.format === "decimal" ? "decimal" : "text"}
          autocomplete={field.type === "email" ? "email" : field.name === "name" ? "name" : "off"}
          maxLength={field.type === "text" ? (field.maxSize ?? 128) : 128}
          placeholder={field.placeholder}
          value={value}
          onInput={(event) => change(event.currentTarget.value)}
        />
      )}
      {error !== null && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** What is wrong with an answer, in words; null: nothing. */
export function problem(field: Field, value: string, texts: Texts): string | null {
  const given = value.trim();
  if (given === "") return texts.fieldRequired;
  if (field.type === "email" && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(given)) return texts.fieldEmail;
  if (field.type !== "text") return null;
  if (given.length < (field.minSize ?? 1)) return texts.fieldShort(field.minSize ?? 1);
  if (field.format === "integer" && !/^[+-]?\d+$/.test(given)) return texts.fieldInteger;
  if (field.format === "decimal" && !/^[+-]?\d+(?:[.,]\d+)?$/.test(given)) return texts.fieldDecimal;
  return null;
}

export function answerOf(field: Field, value: string): Answer {
  const { name, label } = field;
  const given = value.trim();
  if (field.type === "select") return { type: "select", name, label, select: field.options.filter((option) => option.name === given) };
  return field.type === "email" ? { type: "email", name, label, email: given } : { type: "text", name, label, text: given };
}

/** What was answered stands below it, as a message of its own. */
function Done({ text, label }: { text: string | undefined; label: string }): JSX.Element {
  return (
    <div class="form done">
      {text && (
        <p class="form-text" dir="auto">
          {text}
        </p>
      )}
      <p class="form-done">
        <Icon name="check" size={16} /> {label}
      </p>
    </div>
  );
}

export function Answers({ content }: { content: FormResponseContent }): JSX.Element {
  return (
    <dl class="answers">
      {content.fields.map((answer) => (
        <div key={answer.name}>
          <dt dir="auto">{answer.label}</dt>
          <dd dir="auto">{valueOf(answer)}</dd>
        </div>
      ))}
    </dl>
  );
}
