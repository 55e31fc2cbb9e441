"""The `causerie` command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvloop

from causerie import logs
from causerie.settings import Settings, read
from domain.errors import Invalid

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Causerie: a self-hosted messaging platform.")

log = structlog.get_logger()

Data = Annotated[Path | None, typer.Option(help="The data folder.")]


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Data = None,
    ray_address: Annotated[str | None, typer.Option(help="An existing Ray cluster to join.")] = None,
) -> None:
    """Serve: on embedded defaults, or on PostgreSQL, Redis and a Ray cluster as the settings say."""
    settings = _settings(host=host, port=port, data=data, ray_address=ray_address)
    from causerie.serve import Server

    uvloop.run(Server(settings).run())


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database's schema to this version."""
    from storage.sql.migrate import migrate as run

    settings = _settings(data=data)
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    uvloop.run(run(settings.journal_url))


def _settings(**given: object) -> Settings:
    try:
        settings = read(given)
    except Invalid as error:
        typer.echo(f"{error.title}", err=True)
        raise typer.Exit(2) from None
    logs.configure(settings.log_level, settings.log_format)
    return settings


def main() -> None:
    """The entry point of the console script."""
    sys.exit(app())
