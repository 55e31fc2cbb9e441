"""The command line tells people in a sentence what is wrong, and starts quickly. What needs a database is in tests/integration."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from causerie import logs
from causerie.cli import app
from causerie.commands import checks, greeting
from causerie.settings import Settings

run = CliRunner()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.__struct_fields__:
        monkeypatch.delenv(f"CAUSERIE_{field.upper()}", raising=False)


@pytest.mark.parametrize("command", ["serve", "migrate", "backup", "restore", "doctor", "tail", "users", "keys"])
def test_each_command_explains_itself(command: str) -> None:
    result = run.invoke(app, [command, "--help"])
    assert (0, True) == (result.exit_code, "Usage:" in result.output)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["serve", "--port", "70000"], "--port"),
        (["doctor", "--ray-address", "ray://192.0.2.10:10001"], "--ray-address"),
        (["users", "add", "no address"], "e-mail"),
        (["users", "add", "a@example.com", "--role", "king"], "--role"),
        (["users", "add", "a@example.com", "--name", " "], "--name"),
        (["users", "password", "nobody"], "e-mail"),
        (["keys", "create", "--scope", "world"], "--scope"),
        (["keys", "create", "--scope", "integration"], "--integration"),
        (["keys", "create", "--integration", "a" * 24], "--integration"),
        (["keys", "create", "--scope", "account", "--app", "a" * 24], "--app"),
        (["keys", "create", "--name", ""], "--name"),
        (["tail", "--conversation", "mine"], "--conversation"),
        (["tail", "--after", "3"], "--after"),
        (["tail", "--data", "/nowhere"], "credentials.json"),
    ],
)
def test_a_wrong_argument_is_named_and_ends_with_2(arguments: list[str], word: str) -> None:
    result = run.invoke(app, arguments)
    assert 2 == result.exit_code, result.output
    assert word in result.stderr


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAUSERIE_REDIS_URL", "http://:hunter2@192.0.2.7")
    result = run.invoke(app, ["serve"])
    assert (2, True, False) == (result.exit_code, "CAUSERIE_REDIS_URL" in result.stderr, "hunter2" in result.output)


@pytest.mark.parametrize("arguments", [["users", "list"], ["users", "remove", "a@example.com"], ["keys", "list"], ["keys", "create"]])
def test_a_mistyped_folder_makes_no_database(arguments: list[str], tmp_path: Path) -> None:
    result = run.invoke(app, [*arguments, "--data", str(tmp_path / "dtaa")])
    assert (1, [], False) == (result.exit_code, list(tmp_path.iterdir()), "Traceback" in result.output)
    assert "There is no database at" in result.stderr


def test_a_short_password_is_refused() -> None:
    result = run.invoke(app, ["users", "add", "a@example.com"], input="eleven char\n")
    assert (2, True) == (result.exit_code, "12 to 1024" in result.stderr)


def test_the_command_imports_neither_ray_nor_the_server_before_it_must() -> None:
    heavy = "{'ray', 'aiohttp', 'sqlalchemy', 'alembic', 'uvloop'} & set(sys.modules)"
    script = f"import sys, causerie.cli; print(sorted({heavy}))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "[]" == told.stdout.strip()


def test_programs_are_not_greeted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert greeting.greeting(Settings()) is None, "the tests' stderr is no terminal"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert greeting.greeting(Settings()) is not None
    assert greeting.greeting(Settings(log_format="json")) is None


def test_people_are_told_where_things_are(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    greeting.greet(Settings(data=tmp_path, port=8123))
    told = capsys.readouterr().err
    for word in (
        "http://127.0.0.1:8123",
        str(tmp_path / "credentials.json"),
        "http://127.0.0.1:8123/hc",
        "causerie tail --data",
        "causerie doctor --port 8123",
    ):
        assert word in told.replace("\n", "")


@pytest.mark.parametrize(("form", "expected"), [("console", True), ("json", False), ("auto", False)])
def test_the_form_of_the_log(form: str, expected: bool) -> None:
    assert expected == logs.is_for_people(form)


# The doctor's questions that need no socket.


def test_the_data_folder_need_not_be_there(tmp_path: Path) -> None:
    found = list(checks.data_folder(tmp_path / "new" / "data"))
    assert ["Data folder", "Free space", "fsync"] == [check.name for check in found]
    assert ("ok", True) == (found[0].status, "not there yet" in found[0].detail)
    assert [] == list(tmp_path.iterdir())


def test_a_file_in_the_folders_place_is_missing_a_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert ["missing"] == [check.status for check in checks.data_folder(tmp_path / "data")]


def test_a_certificate_that_cannot_be_read_is_missing(tmp_path: Path) -> None:
    assert "missing" == checks.tls(tmp_path / "chain.pem", None).status
    (tmp_path / "chain.pem").write_text("no PEM")
    assert "missing" == checks.tls(tmp_path / "chain.pem", None).status


def test_a_misspelt_variable_is_a_warning() -> None:
    assert ["warning"] == [check.status for check in checks.variables({"CAUSERIE_DATABSE_URL": "x"})]


async def test_looking_makes_no_database(tmp_path: Path) -> None:
    found = await checks.database(Settings(data=tmp_path))
    assert ("ok", []) == (found.status, list(tmp_path.iterdir()))


def test_what_is_asked_for_as_json_is_json(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checks, "port", lambda settings: checks.Check("Port", "missing", "taken"))
    result = run.invoke(app, ["doctor", "--json", "--data", str(tmp_path)])
    told = json.loads(result.stdout)
    assert (1, False, {"CAUSERIE_DATA": str(tmp_path)}) == (result.exit_code, told["ok"], told["settings"])
    assert {"name": "Port", "status": "missing", "detail": "taken"} in told["checks"]
