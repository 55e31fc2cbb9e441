/** French of the conversation pane. */

import type { conversation as en } from "./conversation.en.js";
import type { Widened } from "./widened.js";

export const conversation: Widened<typeof en> = {
};
