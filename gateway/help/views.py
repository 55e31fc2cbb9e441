"""The help centre's values as its API shows them. Source: Zendesk's Help Center API, the JSON formats of each resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from domain.directory import Account
from domain.help.model import Article, Audience, Category, Section, Translation, Vote, slugged
from gateway.zendesk.operations import PREFIX, Call, instant

API = f"{PREFIX}/help_center"
PERMISSION_GROUP = 1
"""All agents write: there is one group, for clients that must name one."""
SEGMENTS = {Audience.SIGNED_IN: 1, Audience.AGENTS: 2}
_PAGES = {"article": "articles", "section": "sections", "category": "categories"}


class Views:
    """Views for one call: what is shown of a thing depends on the language that was asked for.

    `words` holds the translations of the things that are shown, `numbers` the numbers of the accounts that are named.
    """

    def __init__(self, call: Call, words: Sequence[Translation], numbers: Mapping[str, int]) -> None:
        self._call, self._numbers = call, numbers
        self._words: dict[int, list[Translation]] = {}
        for one in words:
            self._words.setdefault(one.of_id, []).append(one)

    def words(self, value: Article | Section | Category, locale: str | None = None) -> Translation | None:
        """The words in the language that was asked for, or else in the one that it was written in."""
        every = {one.locale: one for one in self._words.get(value.id, ())}
        return every.get(locale or self._call.locale or value.source_locale) or (None if locale else every.get(value.source_locale))

    def every_words(self, value: Article | Section | Category) -> list[Translation]:
        return self._words.get(value.id, [])

    def article(self, article: Article, locale: str | None = None) -> dict[str, Any]:
        words = self.words(article, locale)
        view = self._common(article, words, "article")
        view |= {
            "author_id": self._numbers.get(article.author_id or ""),
            "section_id": article.section_id,
            "title": view["name"],
            "body": words.body if words else "",
            "draft": words.draft if words else True,
            "promoted": article.promoted,
            "comments_disabled": article.comments_disabled,
            "label_names": article.labels,
            "vote_sum": article.vote_sum,
            "vote_count": article.vote_count,
            "edited_at": instant(article.edited_ms),
            "user_segment_id": SEGMENTS.get(article.audience),
            "user_segment_ids": [SEGMENTS[article.audience]] if article.audience in SEGMENTS else [],
            "permission_group_id": PERMISSION_GROUP,
            "content_tag_ids": [],
            "outdated_locales": [one.locale for one in self.every_words(article) if one.outdated],
        }
        return view

    def section(self, section: Section) -> dict[str, Any]:
        words = self.words(section)
        view = self._common(section, words, "section")
        parent = {"category_id": section.category_id, "parent_section_id": section.parent_id}
        return view | parent | {"description": words.body if words else "", "sorting": "manual", "theme_template": "section_page"}

    def category(self, category: Category) -> dict[str, Any]:
        words = self.words(category)
        return self._common(category, words, "category") | {"description": words.body if words else ""}

    def translation(self, one: Translation) -> dict[str, Any]:
        pages = _PAGES[one.kind]
        return {
            "id": one.id,
            "url": f"{self._call.base}{API}/{pages}/{one.of_id}/translations/{one.locale}.json",
            "html_url": f"{self._call.base}/hc/{one.locale}/{pages}/{one.slug}",
            "source_id": one.of_id,
            "source_type": one.kind.capitalize(),
            "locale": one.locale,
            "title": one.title,
            "body": one.body,
            "outdated": one.outdated,
            "draft": one.draft,
            "hidden": False,
            "created_at": instant(one.created_ms),
            "updated_at": instant(one.updated_ms),
            "created_by_id": self._numbers.get(one.created_by or ""),
            "updated_by_id": self._numbers.get(one.updated_by or ""),
        }

    def vote(self, vote: Vote) -> dict[str, Any]:
        return {
            "id": vote.id,
            "url": f"{self._call.base}{API}/votes/{vote.id}.json",
            "user_id": self._numbers.get(vote.voter),
            "value": vote.value,
            "item_id": vote.article_id,
            "item_type": "Article",
            "created_at": instant(vote.created_ms),
            "updated_at": instant(vote.updated_ms),
        }

    def _common(self, value: Article | Section | Category, words: Translation | None, kind: str) -> dict[str, Any]:
        locale = words.locale if words else value.source_locale
        title = words.title if words else ""
        pages = _PAGES[kind]
        return {
            "id": value.id,
            "url": f"{self._call.base}{API}/{locale}/{pages}/{value.id}.json",
            "html_url": f"{self._call.base}/hc/{locale}/{pages}/{slugged(value.id, title)}",
            "name": title,
            "position": value.position,
            "source_locale": value.source_locale,
            "locale": locale,
            "outdated": bool(words and words.outdated),
            "created_at": instant(value.created_ms),
            "updated_at": instant(max(value.updated_ms, words.updated_ms if words else 0)),
        }


def user_view(account: Account, number: int, base: str, full: bool) -> dict[str, Any]:
    """An agent, to other agents (`full`) or to anybody."""
    view = {"id": number, "url": f"{base}{PREFIX}/users/{number}.json", "name": account.display_name, "role": account.role}
    return view | {"email": account.email, "verified": True, "active": True} if full else view


def label_views(call: Call, labels: Mapping[str, int], names: Iterable[str]) -> list[dict[str, Any]]:
    base = f"{call.base}{API}/articles/labels"
    return [{"id": labels[name], "url": f"{base}/{labels[name]}.json", "name": name} for name in names if name in labels]
