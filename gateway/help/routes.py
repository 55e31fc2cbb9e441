"""The table of contents of `/api/v2/help_center`: which operation is where, and who may call it."""

from __future__ import annotations

from domain.help.model import Kind
from gateway.help import articles, finding, readiness, structure, translations, voting
from gateway.zendesk.operations import Operation

_HELP = "/help_center"
_LOCAL = _HELP + "/[locale]"
_NUMBERED: tuple[tuple[str, Kind], ...] = (("articles", "article"), ("sections", "section"), ("categories", "category"))


def _words(pages: str, kind: Kind) -> list[Operation]:
    """The translations of articles, sections and categories are alike."""
    path = f"{_LOCAL}/{pages}/{{id}}/translations"
    return [
        Operation("GET", path, "read", translations.list_of(kind)),
        Operation("POST", path, "write", translations.create_of(kind)),
        Operation("GET", f"{path}/missing", "read", translations.missing_of(kind)),
        Operation("GET", f"{_HELP}/{pages}/{{id}}/translations/(locale)", "read", translations.show_of(kind)),
        Operation("PUT", f"{_HELP}/{pages}/{{id}}/translations/(locale)", "write", translations.update_of(kind)),
    ]


OPERATIONS = (
    Operation("GET", f"{_HELP}/articles/search", "read", finding.search_articles),
    Operation("GET", f"{_LOCAL}/articles", "read", articles.list_articles),
    Operation("GET", f"{_LOCAL}/articles/{{id}}", "read", articles.show_article),
    Operation("PUT", f"{_LOCAL}/articles/{{id}}", "write", articles.update_article),
    Operation("DELETE", f"{_LOCAL}/articles/{{id}}", "write", articles.archive_article),
    Operation("GET", f"{_LOCAL}/sections/{{id}}/articles", "read", articles.list_articles_of_section),
    Operation("POST", f"{_LOCAL}/sections/{{id}}/articles", "write", articles.create_article),
    Operation("GET", f"{_LOCAL}/categories/{{id}}/articles", "read", articles.list_articles_of_category),
    Operation("GET", f"{_HELP}/users/{{id}}/articles", "read", articles.list_articles_of_user),
    Operation("GET", f"{_HELP}/incremental/articles", "read", articles.list_changed_articles),
    Operation("GET", f"{_LOCAL}/categories", "read", structure.list_categories),
    Operation("POST", f"{_LOCAL}/categories", "write", structure.create_category),
    Operation("GET", f"{_LOCAL}/categories/{{id}}", "read", structure.show_category),
    Operation("PUT", f"{_LOCAL}/categories/{{id}}", "write", structure.update_category),
    Operation("DELETE", f"{_LOCAL}/categories/{{id}}", "write", structure.delete_category),
    Operation("GET", f"{_LOCAL}/categories/{{id}}/sections", "read", structure.list_sections_of_category),
    Operation("POST", f"{_LOCAL}/categories/{{id}}/sections", "write", structure.create_section),
    Operation("GET", f"{_LOCAL}/sections", "read", structure.list_sections),
    Operation("GET", f"{_LOCAL}/sections/{{id}}", "read", structure.show_section),
    Operation("PUT", f"{_LOCAL}/sections/{{id}}", "write", structure.update_section),
    Operation("DELETE", f"{_LOCAL}/sections/{{id}}", "write", structure.delete_section),
    Operation("GET", f"{_LOCAL}/sections/{{id}}/sections", "read", structure.list_sections_of_section),
    *(operation for pages, kind in _NUMBERED for operation in _words(pages, kind)),
    Operation("DELETE", f"{_HELP}/translations/{{id}}", "write", translations.delete_translation),
    Operation("GET", f"{_HELP}/locales", "read", translations.list_locales),
    Operation("GET", f"{_HELP}/articles/labels", "read", voting.list_labels),
    Operation("GET", f"{_LOCAL}/articles/{{id}}/labels", "read", voting.list_labels_of_article),
    Operation("POST", f"{_LOCAL}/articles/{{id}}/labels", "write", voting.create_label),
    Operation("DELETE", f"{_LOCAL}/articles/{{id}}/labels/{{label_id}}", "write", voting.delete_label),
    Operation("GET", f"{_LOCAL}/articles/{{id}}/votes", "read", voting.list_votes),
    Operation("POST", f"{_LOCAL}/articles/{{id}}/up", "vote", voting.vote_up),
    Operation("POST", f"{_LOCAL}/articles/{{id}}/down", "vote", voting.vote_down),
    Operation("GET", f"{_HELP}/votes/{{id}}", "read", voting.show_vote),
    Operation("DELETE", f"{_HELP}/votes/{{id}}", "vote", voting.delete_vote),
    Operation("GET", f"{_HELP}/user_segments", "read", voting.list_segments),
    Operation("GET", "/guide/permission_groups", "write", voting.list_permission_groups),
    Operation("GET", "/readiness", "write", readiness.show_readiness),
)
