import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Label, Select as Base, SelectValue } from "react-aria-components/Select";

export interface Choice {
  readonly id: string;
  readonly name: string;
  readonly mark?: ReactNode;
}

export interface SelectProps {
  label: string;
  /** The label is said, but not shown. */
  quiet?: boolean;
  choices: readonly Choice[];
  selected: string | null;
  onSelect: (id: string) => void;
  placeholder?: string;
  isDisabled?: boolean;
}

export function Select({ label, quiet = false, choices, selected, onSelect, placeholder, isDisabled = false }: SelectProps) {
  return (
    <Base
      className="field select"
      selectedKey={selected}
      onSelectionChange={(key) => key !== null && onSelect(String(key))}
      isDisabled={isDisabled}
      {...(quiet ? { "aria-label": label } : {})}
      {...(placeholder === undefined ? {} : { placeholder })}
    >
      {!quiet && <Label>{label}</Label>}
      <Button className="select-button">
        <SelectValue />
        <ChevronDown size={15} aria-hidden />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu" items={choices}>
          {(choice) => (
            <ListBoxItem className="menu-item" id={choice.id} textValue={choice.name}>
              {({ isSelected }) => (
                <>
                  {choice.mark}
                  <span className="menu-item-words">{choice.name}</span>
                  <Check className="menu-item-check" size={15} aria-hidden data-shown={isSelected || undefined} />
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Base>
  );
}
