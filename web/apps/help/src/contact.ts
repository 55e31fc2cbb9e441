/** The way to people: a button that opens the widget, which may still be on its way here. */

type Command = ((...call: unknown[]) => unknown) & { q?: unknown[][] };

declare const window: Window & { zE?: Command };

export function contact(box: HTMLElement): void {
  box.hidden = false;
  box.querySelector("button")?.addEventListener("click", () => {
    window.zE ??= waiting();
    window.zE("messenger", "open");
  });
}

/** Remembers what is called until the widget is there, which then does it. */
function waiting(): Command {
  const calls: unknown[][] = [];
  const command: Command = (...call) => calls.push(call);
  command.q = calls;
  return command;
}
