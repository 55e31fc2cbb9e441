"""How a customer is asked what they think of it: the words, in English and French. Pure."""

from __future__ import annotations

import msgspec

from domain.language import language_of

_TEXTS: dict[str, dict[str, str]] = {
    "ask": {
        "en": "How would you rate your conversation with us? (1 = very bad, {of} = very good)",
        "fr": "Quelle note donneriez-vous à cette conversation ? (1 = très mauvaise, {of} = très bonne)",
    },
    "why": {
        "en": "Thank you for your rating. Would you like to add a comment? Just write it here.",
        "fr": "Merci pour votre note. Souhaitez-vous ajouter un commentaire ? Écrivez-le simplement ici.",
    },
    "thanks": {"en": "Thank you for your comment.", "fr": "Merci pour votre commentaire."},
}
#: What begins the payload of a button of the survey; the ticket's id and the score follow.
PAYLOAD = "causerie:rate:"
MAX_SCALE = 10


def words(key: str, locale: str | None, of: int = 0) -> str:
    """A text in the customer's language; in English where it is not known."""
    known = _TEXTS[key]
    return known.get(language_of(locale or "en"), known["en"]).format(of=of)


def question(ticket_id: str, of: int, locale: str | None) -> bytes:
    """The message that asks: a button for each score. Where there are no buttons, the text says what to write."""
    scale = min(max(of, 2), MAX_SCALE)
    buttons = [{"type": "reply", "text": str(n), "payload": f"{PAYLOAD}{ticket_id}:{n}"} for n in range(1, scale + 1)]
    return msgspec.json.encode({"type": "text", "text": words("ask", locale, scale), "actions": buttons})
