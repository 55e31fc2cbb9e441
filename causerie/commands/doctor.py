"""`causerie doctor`: what is configured, reachable and missing."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from causerie.commands.terminal import AsJson, Data, run, settings_of, write_json, write_table
from causerie.settings import Settings

_WORDS = {"ok": "ok", "warning": "look", "missing": "MISSING"}


def doctor(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Data = None,
    ray_address: Annotated[str | None, typer.Option(help="An existing Ray cluster.")] = None,
    as_json: AsJson = False,
) -> None:
    """Look at everything that `serve` needs, with the same options. Ends with 1 if something is missing."""
    settings = settings_of(host=host, port=port, data=data, ray_address=ray_address)
    from causerie.commands import checks

    found = run(checks.every(settings, os.environ))
    well = all(check.status != "missing" for check in found)
    chosen = {name: _text(value) for name, value in settings.redacted().items() if value != Settings().redacted()[name]}
    if as_json:
        write_json({"ok": well, "checks": [check._asdict() for check in found], "settings": chosen})
    else:
        write_table(("What", "State", "Found"), [(check.name, _WORDS[check.status], check.detail) for check in found])
        typer.echo()
        write_table(("Setting that is not the default", "Value"), list(chosen.items()))
    raise typer.Exit(0 if well else 1)


def _text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
