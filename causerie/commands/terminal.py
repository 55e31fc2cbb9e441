"""What all commands share at the terminal: options, settings, tables, questions, and failures told in a sentence."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from causerie import logs
from causerie.settings import Settings, read
from domain.errors import Invalid, Refused, Unavailable

T = TypeVar("T")

Data = Annotated[Path | None, typer.Option(help="The data folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

USAGE = 2


def fail(message: str, status: int = 1) -> NoReturn:
    """End the command with a sentence on stderr."""
    typer.echo(message, err=True)
    raise typer.Exit(status)


def settings_of(**given: object) -> Settings:
    """The settings, or the end of the command with a word on which of them is wrong."""
    try:
        return read(given)
    except Invalid as error:
        fail(error.title, USAGE)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work. What is the caller's fault, or out of reach, ends in a sentence; anything else is a bug and is shown whole."""
    logs.configure("error", "auto")
    try:
        return asyncio.run(work)
    except Refused as error:
        fail(error.title)
    except Unavailable as error:
        fail(f"{error.title} Is it running, and is the address right? `causerie doctor` looks.")
    except OSError as error:
        fail(f"{error.filename or 'The system'}: {error.strerror or error}")


def write_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str | None]]) -> None:
    """A table for people. Nothing in a cell is read as markup, and no id is cut."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell if cell is not None else "-", overflow="fold") for cell in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def confirm(question: str, yes: bool) -> None:
    """Go on only with consent: `--yes`, or an answer at the terminal."""
    if yes:
        return
    if not sys.stdin.isatty():
        fail(f"{question} Say so with --yes.", USAGE)
    if not typer.confirm(question):
        raise typer.Exit(1)
