"""`causerie slots`, `drain`, `undrain`, `rebalance` and `scale` on a database without servers: what they show, order and refuse."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from actors.orders import host_name, scale
from causerie.cli import app
from causerie.commands import slots
from storage.open import open_journal
from storage.ports import Journal

pytestmark = [pytest.mark.postgresql]

OURS, THEIRS = host_name("conversation-0", "1f2e", "aa"), host_name("conversation-0", "9d9d", "bb")


def cli(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(autouse=True)
def database(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two slots, each of another server."""
    monkeypatch.setenv("CAUSERIE_DATABASE_URL", postgres_url)
    monkeypatch.setenv("CAUSERIE_DATA", str(tmp_path))
    monkeypatch.setattr(slots, "QUIET_S", 0.3)

    async def fill(journal: Journal) -> None:
        await journal.slot_count("conversation", 2)
        for slot, owner in enumerate((OURS, THEIRS)):
            await journal.claim(
                "conversation", str(slot), f"{owner} {socket.gethostname()}/7", f"unix:{tmp_path}/{slot}", 0, "secret", 1_750_000_000_000
            )

    done(postgres_url, fill)
    return postgres_url


def done(url: str, work: Callable[[Journal], Coroutine[Any, Any, Any]]) -> Any:
    async def run() -> Any:
        opened, journal = open_journal(url)
        try:
            return await work(journal)
        finally:
            await opened.close()

    return asyncio.run(run())


def shown() -> Any:
    return json.loads(cli("slots", "--json").stdout)


def test_slots_are_shown_with_their_owners_and_without_their_tokens() -> None:
    first, second = shown()["slots"]
    assert ("0", 1, "1f2e", OURS, f"{socket.gethostname()}/7") == tuple(
        first[name] for name in ("slot", "generation", "server", "host", "node")
    )
    assert "9d9d" == second["server"] and second["age_s"] > 1_000_000
    table = cli("slots").stdout
    assert OURS in table and THEIRS in table and "secret" not in table + json.dumps(first)


def test_a_drain_is_an_order_that_can_be_taken_back(database: str) -> None:
    """Without servers nobody carries it out; that is told."""
    result = cli("drain", "1f2e")
    assert (1, True) == (result.exit_code, "still owns 0" in result.stderr)
    assert ["1f2e"] == shown()["drained"] and "Drained: 1f2e" in cli("slots").stdout
    assert (0, []) == (cli("undrain", "1f2e").exit_code, shown()["drained"])


@pytest.mark.parametrize("command", ["drain", "undrain"])
def test_a_name_that_nobody_has_is_refused(command: str) -> None:
    result = cli(command, "1f2")
    assert (1, []) == (result.exit_code, shown()["drained"])


def test_to_even_out_shows_what_moves(database: str) -> None:
    """Here nothing does."""
    result = cli("rebalance")
    assert (0, "0 moved.") == (result.exit_code, result.stderr.strip())
    assert ["rebalance"] == list(done(database, lambda journal: journal.orders()))


def test_the_number_of_slots_is_not_changed_under_a_living_owner(database: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "1"))
        door.listen()
        result = cli("slots", "set", "4", "--yes")
    assert (1, True) == (result.exit_code, "The slots 1 have a living owner" in result.stderr)
    assert 2 == done(database, lambda journal: journal.slot_count("conversation", 0))


@pytest.mark.parametrize("address", ["unix:/nowhere", "ray:somebody"])
def test_an_owner_that_cannot_be_asked_from_here_is_taken_to_live(database: str, address: str) -> None:
    """A socket of another node, or calls of Ray."""
    done(database, lambda journal: journal.claim("conversation", "1", f"{THEIRS} elsewhere/7", address))
    assert "The slots 1 have a living owner" in cli("slots", "set", "4", "--yes").stderr


def test_the_number_of_slots_is_changed_when_all_owners_are_dead(database: str) -> None:
    """Fewer too: those that are no more are not shown, and keep their generations."""
    assert 0 == cli("slots", "set", "4", "--yes").exit_code
    assert 4 == done(database, lambda journal: journal.slot_count("conversation", 0))
    assert [("0", 2, None), ("1", 2, None)] == [(one["slot"], one["generation"], one["host"]) for one in shown()["slots"]]
    assert 0 == cli("slots", "set", "1", "--yes").exit_code
    assert [("0", 3)] == [(one["slot"], one["generation"]) for one in shown()["slots"]]


def test_more_hosts_are_ordered_of_each_server_or_of_one(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without servers nobody starts them; that is told."""
    monkeypatch.setattr(slots, "START_S", 0.3)
    result = cli("scale", "3")
    assert (0, True) == (result.exit_code, "2 hosts own the 2 slots" in result.stderr and "slots set" in result.stderr)
    assert {scale("1f2e", "conversation"): 3, scale("9d9d", "conversation"): 3} == done(database, lambda journal: journal.orders())
    assert 0 == cli("scale", "1", "--server", "1f2e", "--kind", "bot").exit_code
    assert 1 == done(database, lambda journal: journal.orders())[scale("1f2e", "bot")]
    assert (1, 2) == (cli("scale", "1", "--server", "x").exit_code, cli("scale", "1", "--kind", "x").exit_code)


@pytest.mark.parametrize("command", ["drain x", "undrain x", "rebalance", "scale 2", "slots set 2 --yes"])
def test_the_embedded_database_has_one_server(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAUSERIE_DATABASE_URL")
    result = cli(*command.split())
    assert (2, True) == (result.exit_code, "PostgreSQL" in result.stderr)
