import type { ReactElement } from "react";
import { OverlayArrow, Tooltip, TooltipTrigger } from "react-aria-components/Tooltip";

/** A few words beside whatever the pointer or the focus rests on. Its child must be focusable by the library: a Button, or <Focusable>. */
export function Hint({ text, keys, children }: { text: string; keys?: string | undefined; children: ReactElement }) {
  return (
    <TooltipTrigger delay={500} closeDelay={60}>
      {children}
      <Tooltip className="hint" offset={6}>
        <OverlayArrow />
        {text}
        {keys !== undefined && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
