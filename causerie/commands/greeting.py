"""What `causerie serve` tells a person at a terminal once it is ready. Nothing where a program reads: the log says it all there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

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

    name = sys.argv[0] if Path(sys.argv[0]).name == "causerie" else "causerie"
    option = f" --data {settings.data}" if settings.data != Settings().data else ""
    tail, doctor = f"{name} tail{option}", f"{name} doctor --port {settings.port}{option}"
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"\n[bold]Causerie is ready[/] at [bold]{settings.address}[/]")
    console.print(f"  {settings.data.absolute() / 'credentials.json'} has the keys and passwords of the first start.")
    console.print(f"  [bold]{settings.address}/workspace[/] is the agents' window.")
    if settings.demo != "off":
        console.print(f"  [bold]{settings.address}/demo[/] is a sample shop with the widget: write to yourself.")
    console.print("  In another terminal:")
    for command, purpose in ((tail, "what happens, as an agent sees it"), (doctor, "whether all is well")):
        console.print(f"    {command:<{max(len(tail), len(doctor))}}   {purpose}")
    console.print()
