"""The bot's own sentences, in the languages that it brings along. A release's settings may say them otherwise, and add languages."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "yes": {"en": "Yes", "fr": "Oui"},
    "no": {"en": "No", "fr": "Non"},
    "read": {"en": "Read", "fr": "Lire"},
    "fallback": {
        "en": "I am not sure I understood that. Could you say it in other words?",
        "fr": "Je ne suis pas sûr d'avoir compris. Pouvez-vous le dire autrement ?",
    },
    "invalid": {
        "en": "I cannot use that answer. Please try again.",
        "fr": "Je ne peux pas utiliser cette réponse. Veuillez réessayer.",
    },
    "handover": {
        "en": "I am passing you on to a colleague.",
        "fr": "Je vous passe un collègue.",
    },
    "idle": {
        "en": "Are you still there?",
        "fr": "Êtes-vous toujours là ?",
    },
    "stale": {
        "en": "That question is closed. Here is where we are:",
        "fr": "Cette question est close. Voici où nous en sommes :",
    },
}
