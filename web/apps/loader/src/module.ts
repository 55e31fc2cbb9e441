/** `/widget.mjs`: the same widget for pages that are built of modules; its types are in `/widget.d.ts`. */

import { Widget } from "./widget.js";

export { MessengerError } from "./widget.js";

/** The widget of an integration. `host` is the server's address; where it is left out, the one that this module came from. */
export function messenger(options: { key: string; host?: string; locale?: string; position?: "left" | "right" }): Widget {
  const host = new URL(options.host ?? import.meta.url).origin;
  const locale = options.locale === undefined ? {} : { locale: options.locale };
  return new Widget({ host, key: options.key, side: options.position ?? "right", ...locale });
}
