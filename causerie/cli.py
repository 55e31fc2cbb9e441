"""The `causerie` command. Each subcommand imports what it needs when it runs, so that the command itself is quick."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from causerie import logs
from causerie.commands import backup, doctor, flow, keys, readiness, slots, tail, terminal, users
from causerie.commands import help as help_centre
from causerie.commands.terminal import Data
from causerie.settings import Settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Causerie: a self-hosted messaging platform."
)
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.add_typer(help_centre.app, name="help")
app.add_typer(slots.app, name="slots")
app.add_typer(flow.app, name="flow")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    data: Data = None,
    ray_address: Annotated[str | None, typer.Option(help="An existing Ray cluster to join.")] = None,
) -> None:
    """Serve: on embedded defaults, or on PostgreSQL, Redis and a Ray cluster as the settings say."""
    settings = terminal.settings_of(host=host, port=port, data=data, ray_address=ray_address)
    _stop_if_hindered(settings)
    logs.configure(settings.log_level, settings.log_format)
    import uvloop

    from causerie.commands.greeting import greeting
    from causerie.serve import Server

    try:
        uvloop.run(Server(settings, greeting(settings)).run())
    except BlockingIOError:
        terminal.fail(f"another server uses the data folder {settings.data}")
    except OSError as error:
        terminal.fail(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}")


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database's schema to this version."""
    settings = terminal.settings_of(data=data)
    _stop_if_hindered(settings)
    from storage.sql.migrate import migrate as bring

    if settings.database_url is None:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    terminal.run(bring(settings.journal_url))
    typer.echo("The schema is up to date.", err=True)


def _stop_if_hindered(settings: Settings) -> None:
    from causerie.commands import checks

    problem = terminal.run(checks.hindrance(settings))
    if problem is not None:
        terminal.fail(problem)


app.command()(backup.backup)
app.command()(backup.restore)
app.command()(doctor.doctor)
app.command()(readiness.readiness)
app.command()(tail.tail)
app.command()(slots.drain)
app.command()(slots.undrain)
app.command()(slots.rebalance)
app.command()(slots.scale)


def main() -> None:
    """The entry point of the console script."""
    sys.exit(app())
