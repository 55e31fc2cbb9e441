import type { ReactNode } from "react";
import { Check } from "lucide-react";
import { Checkbox as BaseCheckbox, type CheckboxProps } from "react-aria-components/Checkbox";
import { Button } from "react-aria-components/Button";
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components/TextField";
import { SearchField, type SearchFieldProps } from "react-aria-components/SearchField";
import { Search, X } from "lucide-react";

export interface FieldProps extends Omit<TextFieldProps, "className" | "style" | "children"> {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  placeholder?: string | undefined;
  /** So many lines, rather than one. */
  lines?: number | undefined;
}

export function Field({ label, description, error, placeholder, lines, ...rest }: FieldProps) {
  return (
    <TextField {...rest} className="field" isInvalid={error !== undefined}>
      <Label>{label}</Label>
      {lines === undefined ? <Input {...(placeholder === undefined ? {} : { placeholder })} /> : <TextArea rows={lines} {...(placeholder === undefined ? {} : { placeholder })} />}
      {description !== undefined && <Text slot="description">{description}</Text>}
      <FieldError>{error}</FieldError>
    </TextField>
  );
}

export interface SearchProps extends Omit<SearchFieldProps, "className" | "style" | "children"> {
  label: string;
  placeholder?: string;
  clear: string;
}

/** A field to search by; Escape and the cross empty it. */
export function SearchBox({ label, placeholder, clear, ...rest }: SearchProps) {
  return (
    <SearchField {...rest} aria-label={label} className="search-box">
      <Search size={15} aria-hidden />
      <Input placeholder={placeholder ?? label} />
      <Button className="icon-button quiet small" aria-label={clear}>
        <X size={14} aria-hidden />
      </Button>
    </SearchField>
  );
}

export function Checkbox({ children, ...rest }: Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode }) {
  return (
    <BaseCheckbox {...rest} className="checkbox">
      <span className="checkbox-box" aria-hidden>
        <Check size={13} strokeWidth={3} />
      </span>
      {children}
    </BaseCheckbox>
  );
}
