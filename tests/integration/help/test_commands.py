"""`causerie help` and `causerie readiness` as processes see them, and the sample articles judged by their questions."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from benchmarks import search_eval
from causerie.cli import app
from causerie.settings import Settings
from domain.directory import Account, App, Integration
from storage.ports import Database
from storage.sql.database import open_database
from storage.sql.directory import Directory
from storage.sql.help import Help
from storage.sql.help_search import HelpSearch

#: What the judged questions reach now is higher; whoever changes the search may not fall below this.
RECALL_FLOOR, MRR_FLOOR = 0.80, 0.70


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def data(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a migrated database and an app, which the commands find by the environment."""
    for field in Settings.__struct_fields__:
        monkeypatch.delenv(f"CAUSERIE_{field.upper()}", raising=False)
    monkeypatch.setenv("CAUSERIE_DATA", str(sqlite_path.parent))

    async def fill() -> None:
        database = open_database(sqlite_path)
        await Directory(database).create_app(App("a" * 24, "Brindille"))
        await database.close()

    asyncio.run(fill())
    return sqlite_path.parent


def test_an_import_is_reported_and_is_the_same_again(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    (folder / "orders").mkdir(parents=True)
    (folder / "orders" / "late.md").write_text("# Late\n\nWait.")
    (folder / "orders" / "broken.md").write_bytes(b"\xff")
    (folder / ".hidden.md").write_text("# Not this\n")
    dry = cli("help", "import", str(folder), "--dry-run", "--json")
    assert (1, 1, True) == (dry.exit_code, json.loads(dry.stdout)["created"], json.loads(dry.stdout)["dry_run"])
    assert [] == json.loads(cli("help", "list", "--json").stdout)
    first = cli("help", "import", str(folder), "--locale", "en-GB")
    assert "1 created" in first.stdout and "orders/broken.md: is not text in UTF-8" in first.stderr
    assert "1 unchanged" in cli("help", "import", str(folder), "--locale", "en-gb").stdout
    (shown,) = json.loads(cli("help", "list", "--json").stdout)
    assert ("Late", "en-gb", "published", "everyone") == (shown["title"], shown["locale"], shown["state"], shown["audience"])


def test_zendesks_json_is_imported(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "articles.json"
    path.write_text(json.dumps({"articles": [{"id": 1, "title": "Late", "body": "Wait.", "locale": "en-us", "section_id": 5}]}))
    assert "1 created" in cli("help", "import", str(path)).stdout
    path.write_text("{")
    refused = cli("help", "import", str(path))
    assert (1, "articles.json is not JSON in UTF-8") == (refused.exit_code, refused.stderr.strip())


def test_settings_and_readiness(data: Path) -> None:
    assert 1 == cli("readiness").exit_code, "nobody is there to answer"
    assert "94 created" in cli("help", "import", "samples").stdout
    assert {"name": "Aide", "default_locale": "fr", "public": False} == json.loads(
        cli("help", "settings", "--restricted", "--name", "Aide", "--default-locale", "FR", "--json").stdout
    )

    async def fill() -> None:
        database = open_database(data / "causerie.db")
        await Directory(database).create_account(Account("b" * 24, "a@example.org", "hash", "agent", "Ana"))
        await Directory(database).create_integration(Integration("a" * 24, "c" * 24, "web"))
        await database.close()

    asyncio.run(fill())
    found = cli("readiness", "--json")
    met = {one["code"]: one["met"] for one in json.loads(found.stdout)["checks"]}
    assert (0, True, False, True) == (found.exit_code, met["agent"], met["public_help_centre"], met["articles"])
    assert "causerie help settings --public" in cli("readiness").stdout


async def test_questions_find_their_articles(sqlite_path: Path) -> None:
    database: Database = open_database(sqlite_path)
    answers = await search_eval.judged(Help(database), HelpSearch(database))
    await database.close()
    for locale in search_eval.LANGUAGES:
        these = [one for one in answers if one.question.locale == locale]
        recall, mrr = search_eval.figures(these)
        assert len(these) >= 60
        assert recall >= RECALL_FLOOR, locale
        assert mrr >= MRR_FLOOR, locale
