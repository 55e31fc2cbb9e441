"""What `causerie serve` tells a person at a terminal once it is ready. Nothing where a program reads: the log says it all there."""

from __future__ import annotations

import sys
from collections.abc import Callable

from causerie import logs
from causerie.settings import Settings


def greeting(settings: Settings) -> Callable[[], None] | None:
    """The greeting; None where nobody would read it."""
    if not sys.stderr.isatty() or not logs.is_for_people(settings.log_format):
        return None
    return lambda: greet(settings)


def greet(settings: Settings) -> None:
    """The address, where the credentials are, and what to do next."""
    from rich.console import Console

    option = f" --data {settings.data}" if str(settings.data) != str(Settings().data) else ""
    console = Console(stderr=True, highlight=False)
    console.print(f"\n[bold]Causerie is ready[/] at [bold]{settings.address}[/]")
    console.print(f"  Keys and passwords of the first run: {settings.data.absolute() / 'credentials.json'}", soft_wrap=True)
    console.print("  In another terminal:")
    console.print(f"    causerie tail{option}      what happens, as an agent sees it", soft_wrap=True)
    console.print(f"    causerie doctor --port {settings.port}{option}    whether all is well\n", soft_wrap=True)
