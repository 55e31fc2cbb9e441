/** `/widget.js`: the widget of the integration that the script's tag names, and `zE` to speak to it. */

import { type Command, commandsOf } from "./commands.js";
import { placeOf } from "./settings.js";
import { Widget } from "./widget.js";

type Waiting = Command & { q?: ArrayLike<unknown>[] };
declare global {
  interface Window {
    zE?: Waiting;
    causerie?: Command;
  }
}

function start(): void {
  const script = document.currentScript;
  const place = script instanceof HTMLScriptElement ? placeOf(script) : null;
  if (place === null) return console.error("Causerie: the script's tag needs data-key, the id of a web integration");
  if (window.causerie !== undefined) return console.warn("Causerie: the widget is on this page already");
  const waiting = window.zE?.q ?? [];
  const command = commandsOf(new Widget(place));
  window.causerie = window.zE = command;
  for (const call of Array.from(waiting)) command(...Array.from(call));
}

start();
