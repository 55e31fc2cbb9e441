"""What an import brings, from files and from Zendesk's JSON."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from domain.errors import Invalid
from domain.help.model import Audience
from domain.help.sources import Source, from_file, from_zendesk


def file(path: str, text: str, locale: str = "en-us") -> Source:
    return from_file(PurePosixPath(path), text, locale)


@pytest.mark.parametrize(
    ("path", "key", "locale", "category", "sections"),
    [
        ("late.md", "late", "en-us", "General", ["General"]),
        ("orders/late.md", "orders/late", "en-us", "General", ["Orders"]),
        ("fr/orders/late.md", "orders/late", "fr", "General", ["Orders"]),
        ("orders/late.fr-ca.md", "orders/late", "fr-ca", "General", ["Orders"]),
        ("shop/my-orders/lost_ones/late.html", "shop/my-orders/lost_ones/late", "en-us", "Shop", ["My orders", "Lost ones"]),
    ],
)
def test_a_path_says_what_the_file_does_not(path: str, key: str, locale: str, category: str, sections: list[str]) -> None:
    source = file(path, "Text")
    assert (key, locale, category, sections, "Late") == (
        source.key,
        source.locale,
        source.category.title,
        [one.title for one in source.sections],
        source.title,
    )


def test_the_front_matter_counts_first() -> None:
    front = "---\ntitle: T\nlocale: de\nsection: S\nlabels: [a, a, b]\naudience: agents\ndraft: true\npromoted: true\nposition: 3\n---\n"
    source = file("fr/x/late.md", front + "# Not taken\n\nText")
    assert ("T", "de", "S", ("a", "b"), Audience.AGENTS) == (
        source.title,
        source.locale,
        source.sections[0].title,
        source.labels,
        source.audience,
    )
    assert (True, True, 3, "<h1>Not taken</h1>\n<p>Text</p>") == (source.draft, source.promoted, source.position, source.body)


def test_titles_from_headings_are_not_said_twice() -> None:
    assert ("Late", "<p>Wait.</p>") == (lambda one: (one.title, one.body))(file("a.md", "# Late\n\nWait."))
    assert ("Late", "<p>Wait.</p>") == (lambda one: (one.title, one.body))(file("a.html", "<h1>Late</h1><p>Wait.</p>"))


@pytest.mark.parametrize(
    "text", ["---\n[\n---\n", "---\n- a\n---\n", "---\naudience: dogs\n---\n", "---\nlocale: '?'\n---\n", "---\ntitle: [1]\n---\n"]
)
def test_an_odd_front_matter_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        file("a.md", text)


def test_html_is_made_harmless() -> None:
    body = file("a.md", "<script>x()</script><img src=x onerror=y()> <a href='javascript:z()'>k</a> **b**").body
    assert not any(word in body for word in ("script", "onerror", "x()", "y()", "z()"))


def test_zendesks_answer() -> None:
    article = {
        "id": 7,
        "title": "Late",
        "body": "<p>Wait.</p>",
        "locale": "en-us",
        "section_id": 2,
        "label_names": ["a"],
        "user_segment_id": 9,
    }
    document = {
        "articles": [article | {"translations": [{"locale": "fr", "title": "En retard", "body": "Attendez."}]}],
        "sections": [{"id": 2, "name": "Inner", "parent_section_id": 1}, {"id": 1, "name": "Outer", "category_id": 3}],
        "categories": [{"id": 3, "name": "Shop"}],
        "count": 1,
    }
    english, french = from_zendesk(document, "en-us")
    assert ("zendesk:article:7", "Shop", ["Outer", "Inner"]) == (
        english.key,
        english.category.title,
        [one.title for one in english.sections],
    )
    assert ("fr", "En retard", english.key, Audience.SIGNED_IN) == (french.locale, french.title, french.key, french.audience)
    with pytest.raises(Invalid):
        from_zendesk({"articles": [{"title": "no id"}]}, "en-us")
