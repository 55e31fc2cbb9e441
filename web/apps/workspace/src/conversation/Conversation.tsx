/** The conversation pane. */
export function Conversation({ id }: { id: string }) {
  return <section data-conversation={id} />;
}
