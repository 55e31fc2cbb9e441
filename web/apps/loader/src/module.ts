/** `/widget.mjs`: the same widget for pages that are built of modules. Its types are in `/widget.d.ts`, and hold here, too. */

import type { Messenger, Options } from "../widget.js";
import { Widget } from "./widget.js";

export { MessengerError } from "./widget.js";

/** The widget of an integration. `host` is the server's address; where it is left out, the one that this module came from. */
export function messenger(options: Options): Messenger {
  const host = new URL(options.host ?? import.meta.url).origin;
  const locale = options.locale === undefined ? {} : { locale: options.locale };
  return new Widget({ host, key: options.key, side: options.position ?? "right", ...locale });
}
