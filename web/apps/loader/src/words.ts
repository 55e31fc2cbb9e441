/** The few words that are said outside the frame. The messenger's own are in its catalogues. */

export interface Words {
  open: string;
  close: string;
  dismiss: string;
  title: string;
  unread: (count: number) => string;
}

const WORDS: Record<string, Words> = {
  en: {
    open: "Open the chat",
    close: "Close the chat",
    dismiss: "Dismiss",
    title: "Chat",
    unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`),
  },
  fr: {
    open: "Ouvrir la discussion",
    close: "Fermer la discussion",
    dismiss: "Ignorer",
    title: "Discussion",
    unread: (count) => (count < 2 ? `${count} message non lu` : `${count} messages non lus`),
  },
};

export function wordsOf(locale: string): Words {
  return WORDS[locale.slice(0, 2).toLowerCase()] ?? (WORDS["en"] as Words);
}
