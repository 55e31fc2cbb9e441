"""`causerie flow`: check flows, play their dialogues, show their schema. Works on files alone: no server, no data folder."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from causerie.commands.terminal import USAGE, AsJson, fail, write_json
from domain.errors import Invalid

if TYPE_CHECKING:
    from domain.bot.dialogue import Played
    from domain.bot.flow import Flow
    from domain.bot.release import Compiled, Settings

app = typer.Typer(no_args_is_help=True, help="Flows of the bot, as files.")

#: The file beside flows that holds the settings of their release.
SETTINGS = "settings.json"

Place = Annotated[Path, typer.Argument(help="A flow (JSON), or a folder of flows with, perhaps, a settings.json.")]


@app.command()
def check(place: Place, as_json: AsJson = False) -> None:
    """Look for what keeps flows from being published. A file is checked with the flows beside it."""
    from domain.bot.checks import check_flow, errors

    flows, settings = _read(place)
    found = [(path, problem) for path, flow in _named(place, flows) for problem in check_flow(flow, _by_id(flows), settings)]
    if as_json:
        write_json([_problem(path, problem) for path, problem in found])
    else:
        for path, problem in found:
            where = " ".join(part for part in (problem.step, problem.path) if part)
            typer.echo(f"{path.name}: {where or 'flow'}: {problem.level} {problem.code}: {problem.text}")
        typer.echo(f"{_count(len(_named(place, flows)), 'flow')}, {_count(len(found), 'problem')}.", err=True)
    if errors(problem for _, problem in found):
        raise typer.Exit(1)


@app.command()
def test(place: Place) -> None:
    """Play the dialogues of flows, and show what is otherwise than they say."""
    from domain.bot.dialogue import play

    flows, settings = _read(place)
    played = [(path, play(_compiled(flow, flows, settings), one)) for path, flow in _named(place, flows) for one in flow.dialogues]
    failed = [(path, one) for path, one in played if not one.is_as_expected]
    for path, one in failed:
        typer.echo("\n".join(_difference(path, one)))
    typer.echo(f"{_count(len(played), 'dialogue')}, {len(failed)} otherwise than expected.", err=True)
    if failed:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Write the JSON Schema of a flow."""
    from domain.bot.flow import json_schema

    write_json(json_schema())


def _read(place: Path) -> tuple[dict[Path, Flow], Settings]:
    """The flow at `place` with those beside it, or all of the folder; and the folder's settings."""
    from domain.bot.flow import parse_flow
    from domain.bot.release import Settings, parse_settings

    folder = place if place.is_dir() else place.parent
    paths = sorted({*folder.glob("*.json"), *(() if place.is_dir() else (place,))})
    flows: dict[Path, Flow] = {}
    settings = Settings()
    for path in paths:
        try:
            if path.name == SETTINGS:
                settings = parse_settings(_bytes(path))
            else:
                flows[path] = parse_flow(_bytes(path))
        except Invalid as error:
            fail(f"{path}: {error.title}")
    if not flows:
        fail(f"{place}: there is no flow", USAGE)
    return flows, settings


def _bytes(path: Path) -> bytes:
    from domain.bot.flow import MAX_FLOW_BYTES

    try:
        raw = path.read_bytes()
    except OSError as error:
        fail(f"{path}: {error.strerror or error}", USAGE)
    if len(raw) > MAX_FLOW_BYTES:
        fail(f"{path}: over {MAX_FLOW_BYTES} bytes")
    return raw


def _named(place: Path, flows: dict[Path, Flow]) -> list[tuple[Path, Flow]]:
    """Those that were asked for: all of a folder, or the one."""
    return [(path, flow) for path, flow in flows.items() if place.is_dir() or path == place]


def _by_id(flows: dict[Path, Flow]) -> dict[str, Flow]:
    return {flow.id: flow for flow in flows.values()}


def _compiled(entry: Flow, flows: dict[Path, Flow], settings: Settings) -> Compiled:
    from domain.bot.release import Compiled, Entry, Published, Release

    published = {name: Published(version=1, flow=flow) for name, flow in _by_id(flows).items()}
    return Compiled(Release(number=1, flows=published, entry=Entry(flow=entry.id), settings=settings))


def _difference(path: Path, one: Played) -> Iterator[str]:
    yield f"{path.name}: {one.name}"
    yield from difflib.unified_diff(one.expected, one.actual, "expected", "played", lineterm="", n=20)


def _problem(path: Path, problem: object) -> dict[str, object]:
    import msgspec

    return {"file": path.name, **msgspec.to_builtins(problem)}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
