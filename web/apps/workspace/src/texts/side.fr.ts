/** French of the side pane. */

import type { side as en } from "./side.en.js";
import type { Widened } from "./widened.js";

export const side: Widened<typeof en> = {
};
