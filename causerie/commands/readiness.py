"""`causerie readiness`: what an app still needs before customers come, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from causerie.commands.terminal import AsJson, Data, run, settings_of, write_json, write_table
from causerie.settings import Settings

if TYPE_CHECKING:
    from domain.readiness import Finding


def readiness(
    app_id: Annotated[str | None, typer.Option("--app", help="The id of the app, if there are several.")] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Look at what customers and agents need. Ends with 1 if a requirement is not met."""
    found = run(_findings(settings_of(data=data), app_id))
    ready = all(one.met for one in found if one.level == "requirement")
    if as_json:
        checks = [{"code": one.code, "level": one.level, "title": one.title, "met": one.met, "mend": one.mend} for one in found]
        write_json({"ready": ready, "checks": checks})
    else:
        write_table(("State", "What", "How to mend it"), [(_state(one), one.title, one.mend or "") for one in found])
    raise typer.Exit(0 if ready else 1)


def _state(one: Finding) -> str:
    return "ok" if one.met else "MISSING" if one.level == "requirement" else "look"


async def _findings(settings: Settings, app_id: str | None) -> list[Finding]:
    from causerie.commands import offline
    from domain.readiness import findings
    from storage.sql.readiness import facts

    async with offline.opened(settings) as here:
        app = await offline.app_named(here.directory, app_id)
        return findings(await facts(here.database, app.id, settings.public_url))
