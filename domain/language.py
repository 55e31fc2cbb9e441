"""What is known of languages: the first part of a locale, letters without case and marks, and who can stem their words. Pure."""

from __future__ import annotations

import unicodedata

#: The languages that the stemmer knows, by the first part of a locale. Words of others stay as they are.
STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def language_of(locale: str) -> str:
    """The first part of a locale: `fr` of `fr-CA`."""
    return locale.partition("-")[0].partition("_")[0].lower()


def fold(text: str) -> str:
    """Without case, accents and other marks on letters: `É` and `e` are one to whoever types in haste."""
    text = text.casefold()
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("œ", "oe").replace("æ", "ae")
