"""Every word of the pages that is not an article's, in English and French. Another language is another table, with the same names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from domain.language import language_of

FALLBACK = "en"
_ENGLISH_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_FRENCH_MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "help_centre": "Help centre",
        "skip": "Skip to the content",
        "welcome": "How can we help?",
        "search": "Search",
        "search_label": "Search the articles",
        "search_hint": "Ask in your own words",
        "topics": "Topics",
        "promoted": "Good to know",
        "popular": "Others found helpful",
        "articles_one": "1 article",
        "articles_many": "{} articles",
        "all_articles": "All articles",
        "updated": "Updated on {}",
        "contents": "On this page",
        "in_section": "In this section",
        "related": "Related articles",
        "breadcrumbs": "Where you are",
        "languages": "Languages",
        "vote": "Was this article helpful?",
        "vote_up": "Yes",
        "vote_down": "No",
        "vote_up_label": "Yes, it was helpful",
        "vote_down_label": "No, it was not helpful",
        "voted": "Thank you for telling us.",
        "votes_one": "{up} of 1 person found this helpful",
        "votes_many": "{up} of {all} people found this helpful",
        "more_help": "Still have a question?",
        "more_help_words": "We are glad to answer it.",
        "contact": "Contact us",
        "results_for": "Results for “{}”",
        "results_none": "Nothing found for “{}”",
        "results_none_words": "Try other words, or fewer of them.",
        "results_one": "1 result",
        "results_many": "{} results",
        "results_all": "See all results",
        "no_query": "What are you looking for?",
        "previous": "Previous",
        "next": "Next",
        "page_of": "Page {} of {}",
        "empty": "There are no articles yet",
        "empty_words": "As soon as something is published, it is here.",
        "not_found": "This page is not here",
        "not_found_words": "The article may have moved, or may be for people who are signed in. A search may find it.",
        "wrong": "That did not work",
        "wrong_words": "Please go back and try once more.",
        "busy": "Too much at once",
        "busy_words": "Please wait a moment, and try once more.",
        "home": "To the help centre",
        "back_to_article": "Back to the article",
    },
    "fr": {
        "help_centre": "Centre d’aide",
        "skip": "Aller au contenu",
        "welcome": "Comment pouvons-nous vous aider ?",
        "search": "Rechercher",
        "search_label": "Rechercher dans les articles",
        "search_hint": "Posez votre question avec vos mots",
        "topics": "Thèmes",
        "promoted": "Bon à savoir",
        "popular": "Utiles à d’autres",
        "articles_one": "1 article",
        "articles_many": "{} articles",
        "all_articles": "Tous les articles",
        "updated": "Mis à jour le {}",
        "contents": "Sur cette page",
        "in_section": "Dans cette section",
        "related": "Articles liés",
        "breadcrumbs": "Vous êtes ici",
        "languages": "Langues",
        "vote": "Cet article vous a-t-il été utile ?",
        "vote_up": "Oui",
        "vote_down": "Non",
        "vote_up_label": "Oui, il m’a été utile",
        "vote_down_label": "Non, il ne m’a pas été utile",
        "voted": "Merci pour votre avis.",
        "votes_one": "{up} personne sur 1 l’a trouvé utile",
        "votes_many": "{up} personnes sur {all} l’ont trouvé utile",
        "more_help": "Encore une question ?",
        "more_help_words": "Nous y répondrons avec plaisir.",
        "contact": "Nous contacter",
        "results_for": "Résultats pour « {} »",
        "results_none": "Aucun résultat pour « {} »",
        "results_none_words": "Essayez d’autres mots, ou moins de mots.",
        "results_one": "1 résultat",
        "results_many": "{} résultats",
        "results_all": "Voir tous les résultats",
        "no_query": "Que cherchez-vous ?",
        "previous": "Précédent",
        "next": "Suivant",
        "page_of": "Page {} sur {}",
        "empty": "Il n’y a pas encore d’articles",
        "empty_words": "Dès qu’il y en aura, vous les trouverez ici.",
        "not_found": "Cette page n’est pas là",
        "not_found_words": "L’article a peut-être été déplacé, ou n’est visible qu’une fois connecté. Une recherche peut vous aider.",
        "wrong": "Cela n’a pas fonctionné",
        "wrong_words": "Revenez en arrière et réessayez.",
        "busy": "Trop de demandes à la fois",
        "busy_words": "Patientez un instant, puis réessayez.",
        "home": "Vers le centre d’aide",
        "back_to_article": "Retour à l’article",
    },
}

#: How languages call themselves, for those that the search knows best and some more. Others are shown by their code.
_NAMES = {
    "ar": "العربية",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "eu": "Euskara",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "no": "Norsk",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def spoken(locale: str) -> str:
    """The language of the pages' own words for a reader of `locale`."""
    language = language_of(locale)
    return language if language in TEXTS else FALLBACK


@lru_cache(maxsize=100)
def texts(locale: str) -> dict[str, str]:
    """The words for a reader of `locale`; those that run the other way than its page keep their own signs in place."""
    found = TEXTS[spoken(locale)]
    return found if direction(locale) == direction(spoken(locale)) else {name: f"\u2066{text}\u2069" for name, text in found.items()}


def direction(locale: str) -> str:
    return "rtl" if language_of(locale) in _RIGHT_TO_LEFT else "ltr"


def name_of(locale: str, beside: Sequence[str]) -> str:
    """A language as it calls itself; with its region where another of `beside` is of the same language."""
    name = _NAMES.get(language_of(locale), locale)
    region = locale.partition("-")[2]
    alone = sum(language_of(one) == language_of(locale) for one in beside) < 2
    return name if alone or not region else f"{name} ({region.upper()})"


def day(locale: str, at_ms: int) -> str:
    """The date, written as the language of the pages' words writes it."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    if spoken(locale) == "fr":
        return f"{'1er' if at.day == 1 else at.day} {_FRENCH_MONTHS[at.month - 1]} {at.year}"
    return f"{at.day} {_ENGLISH_MONTHS[at.month - 1]} {at.year}"


def count(words: dict[str, str], what: str, number: int) -> str:
    return words[f"{what}_one"] if number == 1 else words[f"{what}_many"].format(number)


def is_known(locale: str, there: Sequence[str]) -> bool:
    """Whether somebody may have meant a language by this."""
    return language_of(locale) in _NAMES or language_of(locale) in {language_of(one) for one in there}
