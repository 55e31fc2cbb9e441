/** Says, a moment after something came, that it has arrived: what is read within that moment needs no word of its own. */

export const ARRIVED_MS = 1_000;

export class Arrivals {
  private readonly due = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly say: (conversation: string) => void) {}

  came(conversation: string): void {
    if (this.due.has(conversation)) return;
    const later = (): void => {
      this.due.delete(conversation);
      this.say(conversation);
    };
    this.due.set(conversation, setTimeout(later, ARRIVED_MS));
  }

  close(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    this.due.clear();
  }
}
