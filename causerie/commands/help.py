"""`causerie help`: articles in and out. Works on the database itself, also while the server runs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from causerie.commands.terminal import USAGE, AsJson, Data, fail, run, settings_of, write_json, write_table
from causerie.settings import Settings

if TYPE_CHECKING:
    from domain.help.model import Article, HelpCentre, Translation
    from storage.sql.help_import import Report

app = typer.Typer(no_args_is_help=True, help="The help centre: its articles, and who may read it.")

OfApp = Annotated[str | None, typer.Option("--app", help="The id of the app, if there are several.")]
SAMPLES = "samples"
_SHOWN = 20
"""Problems that are told one by one."""


@app.command("import")
def import_(
    source: Annotated[str, typer.Argument(help="A folder of Markdown or HTML, a file, Zendesk's articles as JSON, or `samples`.")],
    app_id: OfApp = None,
    locale: Annotated[str, typer.Option(help="The language of what does not say.")] = "en-us",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Bring articles in, or up to date: the same source is the same article again. Ends with 1 if something could not be read."""
    report = run(_import(settings_of(data=data), source, app_id, locale, dry_run))
    counts = {name: len(getattr(report, name)) for name in ("created", "updated", "unchanged", "archived")}
    if as_json:
        write_json({"dry_run": dry_run, **counts, "problems": report.problems})
    else:
        typer.echo(", ".join(f"{count} {name}" for name, count in counts.items()) + (" (nothing was written)" if dry_run else ""))
        for problem in report.problems[:_SHOWN]:
            typer.echo(problem, err=True)
        if len(report.problems) > _SHOWN:
            typer.echo(f"... and {len(report.problems) - _SHOWN} more", err=True)
    raise typer.Exit(1 if report.problems else 0)


@app.command("list")
def list_(app_id: OfApp = None, locale: str | None = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show the articles, in the language that each was written in or in the one that is named."""
    found = run(_articles(settings_of(data=data), app_id, locale))
    shown = [
        {
            "id": article.id,
            "title": words.title,
            "locale": words.locale,
            "state": "draft" if words.draft else "published",
            "audience": article.audience.name.lower(),
            "labels": list(article.labels),
        }
        for article, words in found
    ]
    if as_json:
        write_json(shown)
    else:
        rows = [(str(one["id"]), one["title"], one["locale"], one["state"], one["audience"]) for one in shown]
        write_table(("Id", "Title", "Locale", "State", "For"), rows)  # type: ignore[arg-type]


@app.command()
def settings(
    public: Annotated[bool | None, typer.Option("--public/--restricted", help="Who may read it: all, or who is signed in.")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    default_locale: Annotated[str | None, typer.Option(help="The language of who speaks none of its others.")] = None,
    app_id: OfApp = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show the help centre's settings, or change those that are named."""
    if name is not None and not 1 <= len(name.strip()) <= 100:
        fail("--name: 1 to 100 characters", USAGE)
    centre = run(_settings(settings_of(data=data), app_id, public, name, default_locale))
    shown = {"name": centre.name, "default_locale": centre.default_locale, "public": centre.is_public}
    if as_json:
        write_json(shown)
    else:
        write_table(("Name", "Default language", "Public"), [(centre.name, centre.default_locale, "yes" if centre.is_public else "no")])


async def _import(settings: Settings, source: str, app_id: str | None, locale: str, dry_run: bool) -> Report:
    from causerie import help_files
    from causerie.commands import offline
    from domain.help.model import checked_locale
    from storage.sql.help import Help
    from storage.sql.help_import import import_sources

    read = help_files.sources_in(help_files.SAMPLES if source == SAMPLES else Path(source), checked_locale(locale, "--locale"))
    async with offline.opened(settings) as here:
        app = await offline.app_named(here.directory, app_id)
        report = await import_sources(Help(here.database), app.id, read.sources, time.time_ns() // 1_000_000, dry_run=dry_run)
    report.problems[:0] = read.problems
    return report


async def _articles(settings: Settings, app_id: str | None, locale: str | None) -> list[tuple[Article, Translation]]:
    from causerie.commands import offline
    from domain.help.model import Audience, checked_locale
    from storage.sql.help import Help
    from storage.sql.help_lists import Part, Wanted

    async with offline.opened(settings) as here:
        app, help_centre = await offline.app_named(here.directory, app_id), Help(here.database)
        wanted = Wanted(app.id, None if locale is None else checked_locale(locale, "--locale"), Audience.AGENTS, drafts=True)
        found: list[tuple[Article, Translation]] = []
        after: tuple[Any, int] | None = None
        while True:
            part = await help_centre.listed("article", wanted, Part(500, after=after, order="created_at"))
            words = await help_centre.translations("article", app.id, [one.id for one in part.values])
            spoken = {(one.of_id, one.locale): one for one in words}
            found += [(one, spoken[one.id, wanted.locale or one.source_locale]) for one in part.values]
            if not part.more:
                return found
            after = part.places[-1]


async def _settings(
    settings: Settings, app_id: str | None, public: bool | None, name: str | None, default_locale: str | None
) -> HelpCentre:
    from msgspec.structs import replace

    from causerie.commands import offline
    from domain.help.model import HelpCentre, checked_locale
    from storage.sql.help import Help

    async with offline.opened(settings) as here:
        app, help_centre = await offline.app_named(here.directory, app_id), Help(here.database)
        before = await help_centre.centre(app.id) or HelpCentre(app.id)
        after = replace(
            before,
            name=before.name if name is None else name.strip(),
            default_locale=before.default_locale if default_locale is None else checked_locale(default_locale, "--default-locale"),
            is_public=before.is_public if public is None else public,
        )
        if after != before:
            await help_centre.save_centre(after)
    return after
