/** English of the conversation pane, and with it the list of its texts. */

export const conversation = {
} as const;
