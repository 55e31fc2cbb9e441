import type { ReactNode } from "react";
import { Button as Base, type ButtonProps as BaseProps } from "react-aria-components/Button";
import { Hint } from "./Hint.js";

export type Variant = "primary" | "secondary" | "quiet" | "danger";

export interface ButtonProps extends Omit<BaseProps, "className" | "style" | "children"> {
  variant?: Variant;
  size?: "small" | "medium";
  className?: string;
  children: ReactNode;
}

export function Button({ variant = "secondary", size = "medium", className = "", ...rest }: ButtonProps) {
  return <Base {...rest} className={`button ${variant} ${size} ${className}`} />;
}

export interface IconButtonProps extends Omit<BaseProps, "className" | "style" | "children"> {
  /** What it does: said to screen readers, and shown when the pointer rests on it. */
  label: string;
  /** The key that does the same, for the hint. */
  keys?: string | undefined;
  variant?: Variant;
  className?: string;
  children: ReactNode;
}

/** A button that is a picture. */
export function IconButton({ label, keys, variant = "quiet", className = "", ...rest }: IconButtonProps) {
  return (
    <Hint text={label} keys={keys}>
      <Base {...rest} aria-label={label} className={`icon-button ${variant} ${className}`} />
    </Hint>
  );
}
