/** One of the app's own fields, by its type. Text is saved when the field is left, everything else at once. */

import { useEffect, useState } from "react";
import type { Field as FieldOf, FieldValue } from "../rest/index.js";
import { useTexts } from "../texts/language.js";
import { Checkbox, Field, Select } from "../ui/index.js";

export interface OwnFieldProps {
  field: FieldOf;
  value: FieldValue;
  isDisabled: boolean;
  error?: string | undefined;
  onChange: (value: FieldValue) => void;
}

const NONE = "";
const LINES: Partial<Record<string, number>> = { textarea: 3 };
const INPUTS: Partial<Record<string, "date" | "number" | "text">> = { date: "date", integer: "number", decimal: "number" };

export function OwnField(props: OwnFieldProps) {
  switch (props.field.type) {
    case "checkbox":
      return (
        <Checkbox isSelected={props.value === true} isDisabled={props.isDisabled} onChange={props.onChange}>
          {props.field.title}
        </Checkbox>
      );
    case "tagger":
      return <OneOf {...props} />;
    case "multiselect":
      return <SomeOf {...props} />;
    default:
      return <Written {...props} />;
  }
}

function OneOf({ field, value, isDisabled, onChange }: OwnFieldProps) {
  const texts = useTexts();
  const options = (field.custom_field_options ?? []).map((one) => ({ id: one.value, name: one.name }));
  return (
    <Select
      label={field.title}
      choices={[{ id: NONE, name: texts.ticketNoneChosen }, ...options]}
      selected={typeof value === "string" ? value : NONE}
      isDisabled={isDisabled}
      onSelect={(id) => onChange(id === NONE ? null : id)}
    />
  );
}

function SomeOf({ field, value, isDisabled, onChange }: OwnFieldProps) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  return (
    <fieldset className="side-some">
      <legend>{field.title}</legend>
      {(field.custom_field_options ?? []).map((one) => (
        <Checkbox
          key={one.id}
          isDisabled={isDisabled}
          isSelected={chosen.includes(one.value)}
          onChange={(isIn) => onChange(isIn ? [...chosen, one.value] : chosen.filter((other) => other !== one.value))}
        >
          {one.name}
        </Checkbox>
      ))}
    </fieldset>
  );
}

function Written({ field, value, isDisabled, error, onChange }: OwnFieldProps) {
  const kept = value === null ? "" : String(value);
  const [text, setText] = useState(kept);
  useEffect(() => setText(kept), [kept]);
  const isNumber = field.type === "integer" || field.type === "decimal";
  const leave = (): void => {
    if (text === kept) return;
    onChange(text.trim() === "" ? null : isNumber && Number.isFinite(Number(text)) ? Number(text) : text);
  };
  return (
    <Field
      label={field.title}
      value={text}
      type={INPUTS[field.type] ?? "text"}
      lines={LINES[field.type]}
      isDisabled={isDisabled}
      error={error}
      onChange={setText}
      onBlur={leave}
    />
  );
}
