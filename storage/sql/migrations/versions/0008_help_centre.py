"""The help centre: its structure, articles, translations and votes, what is searched of them, and the numbers of `/api/v2`."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
compatible_from = "0005"

Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Word = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

TABLES = (
    *("numbers", "help_words", "help_postings", "help_terms", "help_scopes", "help_votes", "help_translations", "help_labelled"),
    *("help_labels", "help_articles", "help_sections", "help_categories", "help_centres"),
)


def upgrade() -> None:
    _create_structure()
    _create_articles()
    _create_translations()
    _create_search()
    _create("numbers", "number", kind=Word, id=Word)
    _unique("numbers", "kind", "id")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _create_structure() -> None:
    _create("help_centres", "app_id", Word, name=Word, default_locale=Word, is_public=sa.Boolean())
    times: dict[str, Any] = {"created_ms": Big, "updated_ms": Big}
    _create("help_categories", "id", app_id=Word, source_locale=Word, position=sa.Integer(), **times, source=(Word,))
    _create(
        "help_sections",
        "id",
        app_id=Word,
        category_id=Big,
        source_locale=Word,
        parent_id=(Big,),
        position=sa.Integer(),
        **times,
        source=(Word,),
    )
    for table in ("help_categories", "help_sections"):
        _unique(table, "app_id", "source")


def _create_articles() -> None:
    _create(
        "help_articles",
        "id",
        app_id=Word,
        section_id=Big,
        source_locale=Word,
        author_id=(Word,),
        audience=sa.SmallInteger(),
        labels=sa.LargeBinary(),
        position=sa.Integer(),
        promoted=sa.Boolean(),
        comments_disabled=sa.Boolean(),
        vote_sum=sa.Integer(),
        vote_count=sa.Integer(),
        created_ms=Big,
        updated_ms=Big,
        edited_ms=Big,
        archived_ms=(Big,),
        source=(Word,),
    )
    _unique("help_articles", "app_id", "source")
    _index("help_articles", "app_id", "section_id")
    _create("help_labels", "id", app_id=Word, name=Word)
    _unique("help_labels", "app_id", "name")
    _create("help_labelled", ("app_id", "name", "article_id"), app_id=Word, name=Word, article_id=Big)
    _index("help_labelled", "article_id")


def _create_translations() -> None:
    _create(
        "help_translations",
        "id",
        app_id=Word,
        kind=Word,
        of_id=Big,
        locale=Word,
        title=Word,
        body=Word,
        text=Word,
        draft=sa.Boolean(),
        outdated=sa.Boolean(),
        created_ms=Big,
        updated_ms=Big,
        created_by=(Word,),
        updated_by=(Word,),
    )
    _unique("help_translations", "app_id", "kind", "of_id", "locale")
    _create("help_votes", "id", app_id=Word, article_id=Big, voter=Word, value=sa.SmallInteger(), created_ms=Big, updated_ms=Big)
    _unique("help_votes", "app_id", "article_id", "voter")


def _create_search() -> None:
    _create("help_scopes", "id", app_id=Word, locale=Word, documents=sa.Integer(), version=Big)
    _unique("help_scopes", "app_id", "locale")
    _create("help_terms", "id", scope=Big, term=Word)
    _unique("help_terms", "scope", "term")
    _create(
        "help_postings",
        ("term_id", "audience", "translation_id"),
        term_id=Big,
        audience=sa.SmallInteger(),
        translation_id=Big,
        impact=sa.Integer(),
        clustered=True,
    )
    _index("help_postings", "translation_id", "term_id")
    _create("help_words", ("scope", "word"), scope=Big, word=Word, term=Word)


def _create(table: str, key: str | tuple[str, ...], key_type: Any = Big, *, clustered: bool = False, **columns: Any) -> None:
    """A type in a tuple may be null. `clustered`: on SQLite the rows lie in the order of the primary key."""
    keys = (key,) if isinstance(key, str) else key
    made = [sa.Column(key, key_type, nullable=False)] if isinstance(key, str) else []
    for name, given in columns.items():
        optional = isinstance(given, tuple)
        made.append(sa.Column(name, given[0] if optional else given, nullable=optional))
    op.create_table(table, *made, sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"), sqlite_with_rowid=not clustered)


def _unique(table: str, *columns: str) -> None:
    op.create_index(f"uq_{table}_{'_'.join(columns)}", table, columns, unique=True)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
