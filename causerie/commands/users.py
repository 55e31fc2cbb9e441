"""`causerie users`: the accounts of admins and agents. Works on the database itself, also while the server runs."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer

from causerie.commands.terminal import USAGE, AsJson, Data, Yes, confirm, fail, run, settings_of, write_json, write_table
from causerie.settings import Settings
from domain.directory import Account, Role

app = typer.Typer(no_args_is_help=True, help="The accounts of admins and agents.")

MIN_PASSWORD = 12
MAX_PASSWORD = 1024
_GENERATED_BYTES = 18

Email = Annotated[str, typer.Argument(help="The account's e-mail address.")]
Generate = Annotated[bool, typer.Option("--generate", help="Draw a password and print it, this once.")]


@app.command("list")
def list_users(data: Data = None, as_json: AsJson = False) -> None:
    """Show all accounts."""
    found = run(_accounts(settings_of(data=data)))
    shown = [{"email": one.email, "name": one.display_name, "role": one.role, "app": one.app_id, "id": one.id} for one in found]
    if as_json:
        write_json(shown)
    else:
        write_table(("E-mail", "Name", "Role", "App", "Id"), [(*list(one.values())[:3], one["app"] or "all", one["id"]) for one in shown])


@app.command()
def add(
    email: Email,
    role: Annotated[str, typer.Option(help="`agent` or `admin`.")] = "agent",
    name: Annotated[str | None, typer.Option(help="The name that customers see; else what stands before the @.")] = None,
    app_id: Annotated[str | None, typer.Option("--app", help="The only app that this account serves; else all.")] = None,
    generate: Generate = False,
    data: Data = None,
) -> None:
    """Make an account. The password is asked for, read from standard input, or drawn (`--generate`)."""
    address = _address(email)
    if role not in ("admin", "agent"):
        fail("--role: `agent` or `admin`", USAGE)
    shown_name = (name if name is not None else address.partition("@")[0]).strip()
    if not 1 <= len(shown_name) <= 100:
        fail("--name: 1 to 100 characters", USAGE)
    settings = settings_of(data=data)
    password = _password(generate)
    run(_add(settings, address, password, "admin" if role == "admin" else "agent", shown_name, app_id))
    _told(f"{address} is {'an admin' if role == 'admin' else 'an agent'} now.", password if generate else None)


@app.command()
def password(email: Email, generate: Generate = False, data: Data = None) -> None:
    """Set a lost password. Every session of the account ends; streams that are open stay open until they reconnect."""
    address, settings = _address(email), settings_of(data=data)
    run(_require(settings, address))
    new = _password(generate)
    run(_set_password(settings, address, new))
    _told(f"The password of {address} is set, and its sessions are over.", new if generate else None)


@app.command()
def remove(email: Email, yes: Yes = False, data: Data = None) -> None:
    """Remove an account and end its sessions. What its person wrote stays."""
    address, settings = _address(email), settings_of(data=data)
    run(_require(settings, address))
    confirm(f"Remove {address}?", yes)
    run(_remove(settings, address))
    _told(f"{address} is removed.", None)


def _told(sentence: str, drawn: str | None) -> None:
    """The sentence to people; a drawn password alone on standard output, where a program may take it."""
    typer.echo(sentence, err=True)
    if drawn is not None:
        typer.echo(drawn)


def _address(email: str) -> str:
    from msgspec import ValidationError, convert

    from domain import decode

    try:
        return convert(email.strip().lower(), decode.Email)
    except ValidationError:
        fail(f"`{email}` is not an e-mail address", USAGE)


def _password(generate: bool) -> str:
    if generate:
        return secrets.token_urlsafe(_GENERATED_BYTES)
    if sys.stdin.isatty():
        given = str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))
    else:
        given = sys.stdin.readline().rstrip("\r\n")
    if not MIN_PASSWORD <= len(given) <= MAX_PASSWORD:
        fail(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD} characters. --generate draws one.", USAGE)
    return given


async def _accounts(settings: Settings) -> list[Account]:
    from causerie.commands import offline

    async with offline.opened(settings) as here:
        return await here.directory.list_accounts()


async def _require(settings: Settings, email: str) -> Account:
    from causerie.commands import offline
    from domain.errors import Refused

    async with offline.opened(settings) as here:
        found = await here.directory.account_by_email(email)
    if found is None:
        raise Refused("not_found", f"There is no account {email}. `causerie users list` shows all.")
    return found


async def _add(settings: Settings, email: str, password: str, role: Role, name: str, app_id: str | None) -> None:
    from causerie.commands import offline
    from storage.passwords import hash_password

    async with offline.opened(settings) as here:
        if app_id is not None:
            await offline.app_named(here.directory, app_id)
        await here.directory.create_account(Account(offline.new_id(), email, hash_password(password), role, name, app_id))


async def _set_password(settings: Settings, email: str, password: str) -> None:
    from causerie.commands import offline
    from storage.passwords import hash_password

    account = await _require(settings, email)
    async with offline.opened(settings) as here:
        await here.directory.set_password(account.id, hash_password(password))


async def _remove(settings: Settings, email: str) -> None:
    from causerie.commands import offline
    from domain.errors import Refused

    account = await _require(settings, email)
    async with offline.opened(settings) as here:
        admins = [one for one in await here.directory.list_accounts() if one.role == "admin"]
        if admins == [account]:
            raise Refused("conflict", f"{email} is the last admin: make another first (`causerie users add --role admin ...`).")
        await offline.remove_account(here.database, account.id)
