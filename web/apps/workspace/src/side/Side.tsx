/** The pane beside a conversation: the person, the ticket, what came before. */
export function Side({ conversation }: { conversation: string }) {
  return <aside data-conversation={conversation} />;
}
