"""`causerie keys`: API keys of the account, of apps and of integrations. Works on the database itself, also while the server runs."""

from __future__ import annotations

from typing import Annotated

import typer

from causerie.commands.terminal import USAGE, AsJson, Data, Yes, confirm, fail, run, settings_of, write_json, write_table
from causerie.settings import Settings
from domain.directory import KEY_PREFIX, MAX_DISPLAY_NAME, ApiKey, Scope

app = typer.Typer(no_args_is_help=True, help="API keys. A secret is shown once, when its key is made.")

OfScope = Annotated[str | None, typer.Option("--scope", help="`account`, `app` or `integration`.")]
OfApp = Annotated[str | None, typer.Option("--app", help="The id of an app.")]


@app.command("list")
def list_keys(scope: OfScope = None, app_id: OfApp = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show keys, without their secrets."""
    wanted = None if scope is None else _scope(scope)
    found = run(_keys(settings_of(data=data), wanted, app_id))
    shown = [
        {"id": key.id, "name": key.display_name, "scope": key.scope, "app": key.app_id, "integration": key.integration_id} for key in found
    ]
    if as_json:
        write_json(shown)
    else:
        write_table(("Id", "Name", "Scope", "App", "Integration"), [list(one.values()) for one in shown])


@app.command()
def create(
    scope: Annotated[str, typer.Option(help="`account` (every app), `app`, or `integration`.")] = "app",
    app_id: OfApp = None,
    integration: Annotated[str | None, typer.Option(help="The id of the integration that an `integration` key is for.")] = None,
    name: Annotated[str, typer.Option(help="What the key is for.")] = "Made on the command line",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show its secret, this once."""
    wanted = _scope(scope)
    if (wanted == "integration") != (integration is not None):
        fail("--integration goes with --scope integration, and with no other", USAGE)
    if wanted == "account" and app_id is not None:
        fail("--app: a key of the account acts in every app", USAGE)
    if not 1 <= len(name) <= MAX_DISPLAY_NAME:
        fail(f"--name: 1 to {MAX_DISPLAY_NAME} characters", USAGE)
    key = run(_create(settings_of(data=data), wanted, app_id, integration, name))
    if as_json:
        write_json({"id": key.id, "secret": key.secret, "scope": key.scope, "app": key.app_id, "integration": key.integration_id})
    else:
        typer.echo("The secret is not shown again.", err=True)
        typer.echo(f"{key.id}\n{key.secret}")


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="The key's id.")], yes: Yes = False, data: Data = None) -> None:
    """End a key and the sessions that were opened with it. A running server refuses it within a second."""
    settings = settings_of(data=data)
    run(_require(settings, key_id))
    confirm(f"Revoke {key_id}?", yes)
    run(_revoke(settings, key_id))
    typer.echo(f"{key_id} is revoked.", err=True)


def _scope(text: str) -> Scope:
    if text not in KEY_PREFIX:
        fail("--scope: `account`, `app` or `integration`", USAGE)
    return text


async def _keys(settings: Settings, scope: Scope | None, app_id: str | None) -> list[ApiKey]:
    from causerie.commands import offline

    async with offline.opened(settings) as here:
        if app_id is not None:
            await offline.app_named(here.directory, app_id)
        every = await offline.all_keys(here.database)
    return [key for key in every if scope in (None, key.scope) and app_id in (None, key.app_id)]


async def _create(settings: Settings, scope: Scope, app_id: str | None, integration_id: str | None, name: str) -> ApiKey:
    from msgspec.structs import replace

    from causerie.commands import offline
    from domain.errors import Refused
    from storage.sql.bootstrap import new_key

    async with offline.opened(settings) as here:
        key = new_key(offline.new_id, name, scope)
        if scope == "app":
            key = replace(key, app_id=(await offline.app_named(here.directory, app_id)).id)
        elif integration_id is not None:
            found = await here.directory.get_integration(integration_id)
            if found is None or app_id not in (None, found.app_id):
                raise Refused("integration_not_found", f"There is no integration {integration_id}{f' in app {app_id}' if app_id else ''}.")
            key = replace(key, app_id=found.app_id, integration_id=found.id)
        await here.directory.create_key(key)
    return key


async def _require(settings: Settings, key_id: str) -> None:
    from causerie.commands import offline
    from domain.errors import Refused

    async with offline.opened(settings) as here:
        if await here.directory.get_key(key_id) is None:
            raise Refused("key_not_found", f"There is no key {key_id}. `causerie keys list` shows all.")


async def _revoke(settings: Settings, key_id: str) -> None:
    from causerie.commands import offline

    async with offline.opened(settings) as here:
        await here.directory.delete_key(key_id)
