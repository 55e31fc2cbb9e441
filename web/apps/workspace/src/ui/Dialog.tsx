import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as Base, DialogTrigger, Heading } from "react-aria-components/Dialog";
import { Modal, ModalOverlay } from "react-aria-components/Modal";
import { Popover as BasePopover, type PopoverProps } from "react-aria-components/Popover";
import { useTexts } from "../texts/language.js";
import { IconButton } from "./Button.js";

export { DialogTrigger };

export interface DialogProps {
  title: string;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: "small" | "medium" | "large";
  /** Whether a click beside it closes it. */
  isDismissable?: boolean;
  /** Buttons at its end. */
  footer?: ReactNode | ((close: () => void) => ReactNode);
  children: ReactNode | ((close: () => void) => ReactNode);
}

/** A dialog over the page. Controlled by `isOpen`, or inside a <DialogTrigger>. */
export function Dialog({ title, size = "medium", isDismissable = true, footer, children, ...open }: DialogProps) {
  const texts = useTexts();
  return (
    <ModalOverlay {...open} isDismissable={isDismissable} className="overlay">
      <Modal className={`modal ${size}`}>
        <Base className="dialog">
          {({ close }) => (
            <>
              <header className="dialog-header">
                <Heading slot="title">{title}</Heading>
                <IconButton label={texts.close} onPress={close}>
                  <X size={18} aria-hidden />
                </IconButton>
              </header>
              <div className="dialog-body">{typeof children === "function" ? children(close) : children}</div>
              {footer !== undefined && <footer className="dialog-footer">{typeof footer === "function" ? footer(close) : footer}</footer>}
            </>
          )}
        </Base>
      </Modal>
    </ModalOverlay>
  );
}

/** A small pane at its trigger, inside a <DialogTrigger>. */
export function Popover({ label, children, ...rest }: Omit<PopoverProps, "className" | "style" | "children"> & { label: string; children: ReactNode | ((close: () => void) => ReactNode) }) {
  return (
    <BasePopover offset={6} {...rest} className="popover">
      <Base className="popover-dialog" aria-label={label}>
        {({ close }) => (typeof children === "function" ? children(close) : children)}
      </Base>
    </BasePopover>
  );
}
