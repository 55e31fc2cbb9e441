"""What the operations of the help centre take and answer, by method and path."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from domain.readiness import Finding
from gateway.described import NOTHING, Described, Fields, Instant, Table, fields, made, many, one
from gateway.help.bodies import ArticleBody, CategoryBody, LabelBody, SectionBody, WordsBody


class Translation(TypedDict):
    """What is said in one language."""

    id: int
    url: str
    html_url: str
    source_id: int
    source_type: Literal["Article", "Section", "Category"]
    locale: str
    title: str
    body: str
    outdated: bool
    draft: bool
    hidden: bool
    created_at: Instant
    updated_at: Instant
    created_by_id: int | None
    updated_by_id: int | None


class _Shown(TypedDict):
    """What everything of a help centre has, in one language."""

    id: int
    url: str
    html_url: str
    name: str
    position: int
    source_locale: str
    locale: str
    outdated: bool
    created_at: Instant
    updated_at: Instant


class Category(_Shown):
    description: str
    translations: NotRequired[list[Translation]]


class Section(Category):
    category_id: int
    parent_section_id: int | None
    sorting: str
    theme_template: str


class Article(_Shown):
    """An article in one language. `name` is its title too."""

    author_id: int | None
    section_id: int
    title: str
    body: str
    draft: bool
    promoted: bool
    comments_disabled: bool
    label_names: list[str]
    vote_sum: int
    vote_count: int
    edited_at: Instant
    user_segment_id: int | None
    user_segment_ids: list[int]
    permission_group_id: int
    content_tag_ids: list[str]
    outdated_locales: list[str]
    translations: NotRequired[list[Translation]]


class FoundArticle(Article):
    """`snippet` has what was found in `<em>`."""

    result_type: Literal["article"]
    snippet: str
    score: NotRequired[float]


class ArticleAuthor(TypedDict):
    """Who is no agent is not told their address."""

    id: int
    url: str
    name: str
    role: str
    email: NotRequired[str]
    verified: NotRequired[bool]
    active: NotRequired[bool]


class ArticleLabel(TypedDict):
    id: int
    url: str
    name: str


class Vote(TypedDict):
    id: int
    url: str
    user_id: int | None
    value: Literal[-1, 1]
    item_id: int
    item_type: Literal["Article"]
    created_at: Instant
    updated_at: Instant


class UserSegment(TypedDict):
    """For whom articles are."""

    id: int
    name: str
    user_type: str
    built_in: bool


class PermissionGroup(TypedDict):
    id: int
    name: str
    built_in: bool
    edit: list[int]
    publish: list[int]


class Readiness(TypedDict):
    ready: bool
    checks: list[Finding]


_LIST = ("sort", "sort_by", "sort_order", "include", "locale")
_ONE = ("include", "locale")
_BESIDE: dict[str, Any] = {"users": list[ArticleAuthor], "sections": list[Section], "categories": list[Category]}
_OF_SECTIONS: dict[str, Any] = {"categories": list[Category]}
_HELP = "/help_center"
_LOCAL = _HELP + "/[locale]"
_VOTE = Described({200: fields(vote=Vote)}, query=("locale",))


def _many(name: str, form: Any, *query: str, **beside: Any) -> Described:
    return many(name, form, *_LIST, *query, sort_by=str, sort_order=str, **beside)


def _one(name: str, form: Any, status: int = 200, takes: Any = None, **beside: Any) -> Described:
    return one(name, form, status, takes=takes, query=_ONE, **beside)


def _words(pages: str) -> Table:
    """The translations of articles, sections and categories are alike."""
    path, body = f"{_LOCAL}/{pages}/{{id}}/translations", fields(translation=WordsBody)
    return {
        f"GET {path}": many("translations", Translation, "locales", "outdated", "draft", "locale"),
        f"POST {path}": made("translation", Translation, body),
        f"GET {path}/missing": one("locales", list[str]),
        f"GET {_HELP}/{pages}/{{id}}/translations/(locale)": one("translation", Translation),
        f"PUT {_HELP}/{pages}/{{id}}/translations/(locale)": one("translation", Translation, takes=body),
    }


_ARTICLES = _many("articles", Article, "label_names", **_BESIDE)
_SECTIONS = _many("sections", Section, **_OF_SECTIONS)

TABLE: Table = {
    f"GET {_HELP}/articles/search": many("results", FoundArticle, "query", "locale", "label_names", "category", "section"),
    f"GET {_LOCAL}/articles": _ARTICLES,
    f"GET {_LOCAL}/articles/{{id}}": _one("article", Article, **_BESIDE),
    f"PUT {_LOCAL}/articles/{{id}}": _one("article", Article, takes=fields(article=ArticleBody), **_BESIDE),
    f"DELETE {_LOCAL}/articles/{{id}}": NOTHING,
    f"GET {_LOCAL}/sections/{{id}}/articles": _ARTICLES,
    f"POST {_LOCAL}/sections/{{id}}/articles": _one("article", Article, 201, fields(article=ArticleBody), **_BESIDE),
    f"GET {_LOCAL}/categories/{{id}}/articles": _ARTICLES,
    f"GET {_HELP}/users/{{id}}/articles": _ARTICLES,
    f"GET {_HELP}/incremental/articles": _many("articles", Article, "start_time", **_BESIDE),
    f"GET {_LOCAL}/categories": _many("categories", Category),
    f"POST {_LOCAL}/categories": _one("category", Category, 201, fields(category=CategoryBody)),
    f"GET {_LOCAL}/categories/{{id}}": _one("category", Category),
    f"PUT {_LOCAL}/categories/{{id}}": _one("category", Category, takes=fields(category=CategoryBody)),
    f"DELETE {_LOCAL}/categories/{{id}}": NOTHING,
    f"GET {_LOCAL}/categories/{{id}}/sections": _SECTIONS,
    f"POST {_LOCAL}/categories/{{id}}/sections": _one("section", Section, 201, fields(section=SectionBody), **_OF_SECTIONS),
    f"GET {_LOCAL}/sections": _SECTIONS,
    f"GET {_LOCAL}/sections/{{id}}": _one("section", Section, **_OF_SECTIONS),
    f"PUT {_LOCAL}/sections/{{id}}": _one("section", Section, takes=fields(section=SectionBody), **_OF_SECTIONS),
    f"DELETE {_LOCAL}/sections/{{id}}": NOTHING,
    f"GET {_LOCAL}/sections/{{id}}/sections": _SECTIONS,
    **_words("articles"),
    **_words("sections"),
    **_words("categories"),
    f"DELETE {_HELP}/translations/{{id}}": NOTHING,
    f"GET {_HELP}/locales": Described({200: fields(locales=list[str], default_locale=str)}),
    f"GET {_HELP}/articles/labels": many("labels", ArticleLabel),
    f"GET {_LOCAL}/articles/{{id}}/labels": many("labels", ArticleLabel, "locale"),
    f"POST {_LOCAL}/articles/{{id}}/labels": made("label", ArticleLabel, fields(label=LabelBody)),
    f"DELETE {_LOCAL}/articles/{{id}}/labels/{{label_id}}": NOTHING,
    f"GET {_LOCAL}/articles/{{id}}/votes": many("votes", Vote, "locale"),
    f"POST {_LOCAL}/articles/{{id}}/up": _VOTE,
    f"POST {_LOCAL}/articles/{{id}}/down": _VOTE,
    f"GET {_HELP}/votes/{{id}}": one("vote", Vote),
    f"DELETE {_HELP}/votes/{{id}}": NOTHING,
    f"GET {_HELP}/user_segments": many("user_segments", UserSegment),
    "GET /guide/permission_groups": many("permission_groups", PermissionGroup),
    "GET /readiness": Described({200: Fields({"readiness": Readiness})}),
}
