"""The help centre's tables. Never holds a query.

Every row of a tenant carries its `app_id`. What is searched lies in `help_postings`: one row for each term of each published translation.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, SmallInteger, Table

from storage.sql.tables import BigKey, Word, metadata

help_centres = Table(
    "help_centres",
    metadata,
    Column("app_id", Word, primary_key=True),
    Column("name", Word, nullable=False),
    Column("default_locale", Word, nullable=False),
    Column("is_public", Boolean, nullable=False),
)

help_categories = Table(
    "help_categories",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("source_locale", Word, nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("source", Word),
    Index("uq_help_categories_app_id_source", "app_id", "source", unique=True),
)

help_sections = Table(
    "help_sections",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("category_id", BigKey, nullable=False),
    Column("source_locale", Word, nullable=False),
    Column("parent_id", BigKey),
    Column("position", Integer, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("source", Word),
    Index("uq_help_sections_app_id_source", "app_id", "source", unique=True),
)

help_articles = Table(
    "help_articles",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("section_id", BigKey, nullable=False),
    Column("source_locale", Word, nullable=False),
    Column("author_id", Word),
    Column("audience", SmallInteger, nullable=False),
    Column("labels", LargeBinary, nullable=False),
    Column("position", Integer, nullable=False),
    Column("promoted", Boolean, nullable=False),
    Column("comments_disabled", Boolean, nullable=False),
    Column("vote_sum", Integer, nullable=False),
    Column("vote_count", Integer, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("edited_ms", BigKey, nullable=False),
    Column("archived_ms", BigKey),
    Column("source", Word),
    Index("uq_help_articles_app_id_source", "app_id", "source", unique=True),
    Index("ix_help_articles_app_id_section_id", "app_id", "section_id"),
)
"""`labels` is JSON; `help_labelled` is what is asked by them."""

help_labels = Table(
    "help_labels",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("name", Word, nullable=False),
    Index("uq_help_labels_app_id_name", "app_id", "name", unique=True),
)

help_labelled = Table(
    "help_labelled",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("name", Word, nullable=False),
    Column("article_id", BigKey, nullable=False),
    PrimaryKeyConstraint("app_id", "name", "article_id"),
    Index("ix_help_labelled_article_id", "article_id"),
)

help_translations = Table(
    "help_translations",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("kind", Word, nullable=False),
    Column("of_id", BigKey, nullable=False),
    Column("locale", Word, nullable=False),
    Column("title", Word, nullable=False),
    Column("body", Word, nullable=False),
    Column("text", Word, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("outdated", Boolean, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Column("created_by", Word),
    Column("updated_by", Word),
    Index("uq_help_translations_app_id_kind_of_id_locale", "app_id", "kind", "of_id", "locale", unique=True),
)

help_votes = Table(
    "help_votes",
    metadata,
    Column("app_id", Word, nullable=False),
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("article_id", BigKey, nullable=False),
    Column("voter", Word, nullable=False),
    Column("value", SmallInteger, nullable=False),
    Column("created_ms", BigKey, nullable=False),
    Column("updated_ms", BigKey, nullable=False),
    Index("uq_help_votes_app_id_article_id_voter", "app_id", "article_id", "voter", unique=True),
)

help_scopes = Table(
    "help_scopes",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("app_id", Word, nullable=False),
    Column("locale", Word, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("version", BigKey, nullable=False),
    Index("uq_help_scopes_app_id_locale", "app_id", "locale", unique=True),
)
"""What is searched at once: the published articles of an app in a language, and how many there are. `version` is raised with
each change: whoever keeps something of it looks there."""

help_terms = Table(
    "help_terms",
    metadata,
    Column("id", BigKey, primary_key=True, autoincrement=False),
    Column("scope", BigKey, nullable=False),
    Column("term", Word, nullable=False),
    Index("uq_help_terms_scope_term", "scope", "term", unique=True),
)

help_postings = Table(
    "help_postings",
    metadata,
    Column("term_id", BigKey, nullable=False, autoincrement=False),
    Column("audience", SmallInteger, nullable=False, autoincrement=False),
    Column("translation_id", BigKey, nullable=False, autoincrement=False),
    Column("impact", Integer, nullable=False),
    PrimaryKeyConstraint("term_id", "audience", "translation_id"),
    Index("ix_help_postings_translation_id_term_id", "translation_id", "term_id"),
    sqlite_with_rowid=False,
)
"""`audience` stands before the article, so that what may not be read is not even counted."""

help_words = Table(
    "help_words",
    metadata,
    Column("scope", BigKey, nullable=False, autoincrement=False),
    Column("word", Word, nullable=False),
    Column("term", Word, nullable=False),
    PrimaryKeyConstraint("scope", "word"),
)
"""Words as they are written, by which a misspelt one is understood. Those of articles that are gone lead nowhere, and do no harm."""

numbers = Table(
    "numbers",
    metadata,
    Column("number", BigKey, primary_key=True, autoincrement=False),
    Column("kind", Word, nullable=False),
    Column("id", Word, nullable=False),
    Index("uq_numbers_kind_id", "kind", "id", unique=True),
)
"""The numbers by which `/api/v2` knows rows whose ids are our own words."""
