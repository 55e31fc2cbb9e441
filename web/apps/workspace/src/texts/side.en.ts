/** English of the side pane, and with it the list of its texts. */

export const side = {
} as const;
