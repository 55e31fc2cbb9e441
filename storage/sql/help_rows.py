"""The help centre's values as rows and back. Never runs a statement."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from sqlalchemy import Row

from domain.help.model import Article, Audience, Category, HelpCentre, Section, Translation, Vote

Values = dict[str, Any]
V = TypeVar("V", HelpCentre, Category, Section, Translation, Vote)

_encode = msgspec.json.Encoder().encode
_labels = msgspec.json.Decoder(tuple[str, ...])


def of_value(value: HelpCentre | Category | Section | Translation | Vote) -> Values:
    return msgspec.structs.asdict(value)


def to_value(of: type[V], row: Row[Any]) -> V:
    """Columns are named as the fields are."""
    return of(**row._mapping)


def of_article(article: Article) -> Values:
    return msgspec.structs.asdict(article) | {"labels": _encode(article.labels), "audience": int(article.audience)}


def to_article(row: Row[Any]) -> Article:
    values = dict(row._mapping)
    return Article(**values | {"labels": _labels.decode(values["labels"]), "audience": Audience(values["audience"])})
