"""The commands that work on a database, as processes see it: on a file of their own, without a server."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import Result
from typer.testing import CliRunner

from causerie.cli import app
from causerie.commands import checks
from causerie.settings import Settings
from domain.directory import App, Integration, Session, SessionKind
from storage.passwords import is_password
from storage.sql.database import open_database
from storage.sql.directory import Directory

APP, WEB = "a" * 24, "b" * 24
FAR_MS = 2**53
TOKEN = b"t" * 32

T = TypeVar("T")


def cli(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


@pytest.fixture
def data(sqlite_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a migrated database, which the commands find by the environment."""
    for field in Settings.__struct_fields__:
        monkeypatch.delenv(f"CAUSERIE_{field.upper()}", raising=False)
    monkeypatch.setenv("CAUSERIE_DATA", str(sqlite_path.parent))
    return sqlite_path.parent


def directory(data: Path, work: Callable[[Directory], Awaitable[T]]) -> T:
    """Use the directory beside the commands, as a server that runs does. They have event loops of their own, so this has one too."""

    async def use() -> T:
        database = open_database(data / "causerie.db")
        try:
            return await work(Directory(database))
        finally:
            await database.close()

    return asyncio.run(use())


def fill(data: Path) -> None:
    directory(data, lambda one: one.create_app(App(APP, "Shop")))
    directory(data, lambda one: one.create_integration(Integration(APP, WEB, "web")))


def told(result: Result) -> Any:
    assert 0 == result.exit_code, result.output
    return json.loads(result.stdout)


def users() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(cli("users", "list", "--json"))
    return found


def open_session(data: Path, kind: SessionKind, **subject: str) -> None:
    directory(data, lambda one: one.create_session(Session(TOKEN, kind, 0, FAR_MS, app_id=APP, **subject)))  # type: ignore[arg-type]


def session_is_valid(data: Path) -> bool:
    found = directory(data, lambda one: one.find_session(TOKEN))
    return found is not None and found.is_valid(0)


def test_migrate_makes_a_database_and_may_be_repeated(tmp_path: Path) -> None:
    for _ in range(2):
        assert 0 == cli("migrate", "--data", str(tmp_path / "data")).exit_code
    assert (tmp_path / "data" / "causerie.db").is_file()


@pytest.mark.parametrize("command", ["serve", "migrate", "users list", "doctor"])
def test_a_database_of_a_newer_version_is_left_alone(data: Path, command: str) -> None:
    with sqlite3.connect(data / "causerie.db") as connection:
        connection.executescript("UPDATE alembic_version SET version_num = '9999'; UPDATE compatible SET oldest = '9999'")
    result = cli(*command.split())
    assert (1, True, False) == (result.exit_code, "newer version" in result.output.replace("\n", " "), "Traceback" in result.output)


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_start_that_cannot_be_is_told_before_anything_is_started(command: str, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_TLS_CERTIFICATE", str(data / "missing.pem"))
    assert "TLS: " in cli(command).stderr
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x")
    result = cli(command)
    assert (1, True, False) == (result.exit_code, "Database: " in result.stderr, "hunter2" in result.output)


def test_an_account_is_made_shown_and_removed(data: Path) -> None:
    assert 0 == cli("users", "add", "Ana@Example.com", "--role", "admin", "--name", "Ana", typed="a good password\n").exit_code
    assert 0 == cli("users", "add", "ben@example.com", "--generate").exit_code
    assert [("ana@example.com", "Ana", "admin"), ("ben@example.com", "ben", "agent")] == [
        (u["email"], u["name"], u["role"]) for u in users()
    ]
    assert 0 == cli("users", "remove", "ben@example.com", "--yes").exit_code
    assert ["ana@example.com"] == [u["email"] for u in users()]


def test_the_table_for_people_holds_whole_ids(data: Path) -> None:
    cli("users", "add", "ana@example.com", "--generate")
    assert users()[0]["id"] in cli("users", "list").stdout


@pytest.mark.parametrize("again", ["ana@example.com", "ANA@EXAMPLE.COM"])
def test_an_address_has_one_account(data: Path, again: str) -> None:
    cli("users", "add", "ana@example.com", "--generate")
    result = cli("users", "add", again, "--generate")
    assert (1, True, "") == (result.exit_code, "exists already" in result.stderr, result.stdout)


def test_the_last_admin_stays(data: Path) -> None:
    cli("users", "add", "ana@example.com", "--role", "admin", "--generate")
    result = cli("users", "remove", "ana@example.com", "--yes")
    assert (1, True) == (result.exit_code, "last admin" in result.stderr)


def test_nothing_is_removed_without_consent(data: Path) -> None:
    cli("users", "add", "ana@example.com", "--generate")
    assert 2 == cli("users", "remove", "ana@example.com").exit_code
    assert 1 == len(users())


def test_a_lost_password_is_set_and_ends_the_accounts_sessions(data: Path) -> None:
    fill(data)
    cli("users", "add", "ana@example.com", "--generate")
    open_session(data, "agent", account_id=users()[0]["id"])
    assert session_is_valid(data)
    result = cli("users", "password", "ana@example.com", "--generate")
    drawn = result.stdout.strip()
    account = directory(data, lambda one: one.account_by_email("ana@example.com"))
    assert account is not None and is_password(account.password_hash, drawn)
    assert not session_is_valid(data)


def test_a_password_may_come_from_standard_input_and_is_not_repeated(data: Path) -> None:
    cli("users", "add", "ana@example.com", "--generate")
    result = cli("users", "password", "ana@example.com", typed="correct horse battery\n")
    assert (0, False) == (result.exit_code, "correct horse" in result.output)


@pytest.mark.parametrize("command", ["password", "remove"])
def test_an_unknown_account_is_said_to_be_unknown(data: Path, command: str) -> None:
    result = cli("users", command, "nobody@example.com")
    assert (1, True) == (result.exit_code, "There is no account" in result.stderr)


def test_keys_of_each_scope_are_made_and_listed_without_secrets(data: Path) -> None:
    fill(data)
    made = [
        told(cli("keys", "create", "--json", *more))
        for more in ([], ["--scope", "account"], ["--scope", "integration", "--integration", WEB])
    ]
    assert [("app", APP, None), ("account", None, None), ("integration", APP, WEB)] == [
        (k["scope"], k["app"], k["integration"]) for k in made
    ]
    assert ["app_", "act_", "int_"] == [key["id"][:4] for key in made]
    listed = cli("keys", "list", "--json")
    assert {key["id"] for key in made} == {key["id"] for key in told(listed)}
    assert not [key for key in made if key["secret"] in listed.output]
    assert [made[2]["id"]] == [key["id"] for key in told(cli("keys", "list", "--json", "--scope", "integration", "--app", APP))]


def test_a_revoked_key_takes_its_sessions_along(data: Path) -> None:
    fill(data)
    key = told(cli("keys", "create", "--json"))
    open_session(data, "program", key_id=key["id"])
    assert 0 == cli("keys", "revoke", key["id"], "--yes").exit_code
    assert (False, []) == (session_is_valid(data), told(cli("keys", "list", "--json")))
    assert 1 == cli("keys", "revoke", key["id"], "--yes").exit_code


def test_an_app_has_to_be_named_when_there_are_several(data: Path) -> None:
    assert "There is no app" in cli("keys", "create").stderr
    fill(data)
    directory(data, lambda one: one.create_app(App("c" * 24, "Other")))
    assert "Name the app" in cli("keys", "create").stderr
    assert "There is no app" in cli("keys", "create", "--app", "d" * 24).stderr
    assert 0 == cli("keys", "create", "--app", APP).exit_code


def test_an_empty_database_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "causerie.db").touch()
    result = cli("users", "list", "--data", str(tmp_path))
    assert (1, True) == (result.exit_code, "causerie migrate" in result.stderr)


def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", f"postgresql://u:hunter2@127.0.0.1:{free_port()}/x")
    result = cli("users", "list")
    assert (1, False, False) == (result.exit_code, "Traceback" in result.output, "hunter2" in result.output)


# The doctor.


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class _Answering(BaseHTTPRequestHandler):
    answer = (200, b'{"status":"ready"}')

    def do_GET(self) -> None:
        self.send_response(self.answer[0])
        self.end_headers()
        self.wfile.write(self.answer[1])

    def log_message(self, format: str, *args: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[int]:
    handler = type("Handler", (_Answering,), {"answer": request.param})
    with HTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
        thread.start()
        yield listening.server_port
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("server", "status", "word"),
    [
        ((200, b'{"status":"ready"}'), "ok", "ready"),
        ((503, b'{"status":"unavailable","errors":[]}'), "missing", "unavailable"),
        ((404, b"not ours"), "missing", "no Causerie"),
    ],
    indirect=["server"],
)
def test_a_port_that_is_taken_is_asked_who_is_there(server: int, status: str, word: str) -> None:
    found = checks.port(Settings(port=server))
    assert (status, True) == (found.status, word in found.detail)


def test_all_is_well_on_a_new_machine(data: Path) -> None:
    result = cli("doctor", "--json", "--port", str(free_port()))
    assert (0, True) == (result.exit_code, told(result)["ok"])
    assert {"ok"} == {check["status"] for check in told(result)["checks"] if check["name"] in ("Database", "Port", "Ray", "Python")}


def test_what_is_configured_and_out_of_reach_is_missing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = free_port()
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", f"postgresql://u:hunter2@127.0.0.1:{nobody}/x")
    monkeypatch.setenv("CAUSERIE_REDIS_URL", f"redis://:hunter2@127.0.0.1:{nobody}/0")
    result = cli("doctor", "--json", "--port", str(free_port()), "--ray-address", f"127.0.0.1:{nobody}")
    missing = {check["name"] for check in json.loads(result.stdout)["checks"] if check["status"] == "missing"}
    assert (1, {"Database", "Redis", "Ray cluster"}, False) == (result.exit_code, missing, "hunter2" in result.output)


@pytest.mark.redis
def test_a_redis_that_answers_is_well(data: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_REDIS_URL", redis_url)
    found = told(cli("doctor", "--json", "--port", str(free_port())))
    assert ["ok"] == [check["status"] for check in found["checks"] if check["name"] == "Redis"]


@pytest.mark.postgresql
def test_accounts_live_on_postgresql_too(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", postgres_url)
    assert 0 == cli("users", "add", "ana@example.com", "--generate").exit_code
    assert ["ana@example.com"] == [u["email"] for u in users()]
