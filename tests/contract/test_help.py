"""The contract of the help centre's storage and search, kept alike on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.bot.effects import Search
from domain.directory import App
from domain.errors import Invalid, Refused
from domain.help.model import MAX_TRANSLATIONS, Article, Audience, Category, HelpCentre, Kind, Section, Translation, Vote
from domain.help.sources import from_file
from storage.ports import Database
from storage.sql.directory import Directory
from storage.sql.help import Help
from storage.sql.help_contents import HelpContents
from storage.sql.help_import import import_sources
from storage.sql.help_lists import Part, Wanted
from storage.sql.help_search import HelpSearch
from storage.sql.numbers import Numbers
from storage.sql.suggestions import Suggestions
from storage.sql.tokens import ApiTokens

APP, OTHER = "a" * 24, "b" * 24


@pytest.fixture
def shelf(database: Database) -> Help:
    return Help(database)


@pytest.fixture
def search(database: Database) -> HelpSearch:
    return HelpSearch(database)


def words(title: str, text: str = "", locale: str = "en", app: str = APP, **fields: Any) -> Translation:
    return Translation(app, 0, "article", 0, locale, title, f"<p>{text}</p>", text, **fields)


async def section(shelf: Help, app: str = APP) -> int:
    category, _ = await shelf.add(Category(app, 0, "en"), [words("Shop", app=app)])
    made, _ = await shelf.add(Section(app, 0, category.id, "en"), [words("Delivery", app=app)])
    return made.id


async def article(shelf: Help, of: int, *said: Translation, app: str = APP, **fields: Any) -> Article:
    made, _ = await shelf.add(Article(app, 0, of, said[0].locale, **fields), said)
    return made


async def found(search: HelpSearch, question: str, locale: str = "en", **options: Any) -> list[int]:
    return [hit.article_id for hit in await search.search(options.pop("app", APP), question, locale, **options)]


class TestRows:
    async def test_what_was_written_is_read(self, shelf: Help) -> None:
        of = await section(shelf)
        made, said = await shelf.add(
            Article(APP, 0, of, "en", "author", Audience.AGENTS, ("a", "b"), 3, True, True, created_ms=1, source="x"), [words("One", "Two")]
        )
        assert {made.id: made} == await shelf.get("article", APP, [made.id, 999])
        assert said == await shelf.translations("article", APP, [made.id])
        assert said[0] == await shelf.translation(APP, said[0].id)
        assert {"x": made.id} == await shelf.by_source("article", APP)
        assert ["a", "b"] == list(await shelf.labels(APP))
        assert HelpCentre(APP, default_locale="en") == await shelf.centre(APP), "it comes with the first page"

    async def test_nothing_is_seen_from_another_app(self, shelf: Help, search: HelpSearch) -> None:
        made = await article(shelf, await section(shelf), words("Parcels", "Late"))
        assert {} == await shelf.get("article", OTHER, [made.id])
        assert [] == await shelf.translations("article", OTHER, [made.id])
        assert None is await shelf.change("article", OTHER, made.id, lambda one: replace(one, promoted=True))
        assert None is await shelf.vote(Vote(OTHER, 0, made.id, "user:1", 1))
        assert [] == await found(search, "parcels", app=OTHER)
        with pytest.raises(Invalid):
            await article(shelf, made.section_id, words("Theirs", app=OTHER), app=OTHER)

    async def test_the_same_source_is_refused_twice(self, shelf: Help) -> None:
        of = await section(shelf)
        await article(shelf, of, words("One"), source="x")
        with pytest.raises(Refused, match="conflict"):
            await article(shelf, of, words("Two"), source="x")

    async def test_votes_at_once_are_all_counted_and_one_person_has_one(self, shelf: Help) -> None:
        made = await article(shelf, await section(shelf), words("One"))
        votes = [Vote(APP, 0, made.id, f"user:{n % 4}", 1 if n < 4 else -1, n, n) for n in range(8)]
        await asyncio.gather(*(shelf.vote(vote) for vote in votes[:4]))
        assert (4, 4) == _counted((await shelf.get("article", APP, [made.id]))[made.id])
        await asyncio.gather(*(shelf.vote(vote) for vote in votes[4:]))
        assert (-4, 4) == _counted((await shelf.get("article", APP, [made.id]))[made.id])
        kept, count = await shelf.votes(APP, made.id, 3)
        assert (3, 4) == (len(kept), count)
        await shelf.delete_vote(kept[0])
        assert 3 == (await shelf.votes(APP, made.id))[1]

    async def test_an_article_speaks_so_many_languages_and_keeps_its_own(self, shelf: Help) -> None:
        made = await article(shelf, await section(shelf), words("One"))
        await shelf.put_translation("article", APP, made.id, "fr", lambda _: words("Un", locale="fr"))
        assert ["en", "fr"] == await shelf.locales(APP)
        english, french = await shelf.translations("article", APP, [made.id])
        with pytest.raises(Refused):
            await shelf.delete_translation(APP, english)
        await shelf.delete_translation(APP, french)
        assert [english] == await shelf.translations("article", APP, [made.id])
        assert MAX_TRANSLATIONS >= 50

    async def test_lists_are_paged_in_every_order_and_direction(self, shelf: Help) -> None:
        of = await section(shelf)
        made = [(await article(shelf, of, words(title), position=at % 2)).id for at, title in enumerate("CABED")]
        wanted = Wanted(APP)
        first = await shelf.listed("article", wanted, Part(2))
        assert ([made[0], made[2]], 5, True) == ([one.id for one in first.values], first.count, first.more)
        second = await shelf.listed("article", wanted, Part(2, after=first.places[-1]))
        assert [made[4], made[1]] == [one.id for one in second.values]
        back = await shelf.listed("article", wanted, Part(2, before=second.places[0]))
        assert first.values == back.values
        by_title = await shelf.listed("article", wanted, Part(2, 1, order="title", descending=True))
        assert [made[4], made[0]] == [one.id for one in by_title.values], "D and C, after E"

    async def test_a_deleted_app_leaves_nothing(self, database: Database, shelf: Help, search: HelpSearch) -> None:
        await article(shelf, await section(shelf), words("Parcels", "Late"), labels=("a",))
        kept = await article(shelf, await section(shelf, OTHER), words("Parcels", "Late", app=OTHER), app=OTHER)
        await Directory(database).create_app(App(APP, "A"))
        assert await Directory(database).delete_app(APP)
        assert ({}, None, []) == (await shelf.labels(APP), await shelf.centre(APP), await found(search, "parcels"))
        assert [kept.id] == await found(search, "parcels", app=OTHER)

    async def test_numbers_are_kept_and_of_one_kind(self, database: Database) -> None:
        numbers = Numbers(database)
        given = await asyncio.gather(*(numbers.of("account", ["x", "y"]) for _ in range(4)))
        assert given == [given[0]] * 4
        assert "x" == await numbers.id_of("account", given[0]["x"])
        assert None is await numbers.id_of("user", given[0]["x"])
        assert None is await ApiTokens(database).key("x" * 40)


def _counted(one: Article) -> tuple[int, int]:
    return one.vote_sum, one.vote_count


class TestSearch:
    async def test_words_are_found_in_other_forms_with_slips_and_by_others(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        returns = await article(shelf, of, words("Returning goods", "Print the label and send everything to the warehouse."))
        password = await article(shelf, of, words("A new password", "Ask for a link."))
        for question in ("how do I return something?", "returned", "retrun", "send it back", "warehuose"):
            assert [returns.id] == await found(search, question), question
        assert [password.id] == await found(search, "passwrod")
        assert [] == await found(search, "zebra")
        assert [] == await found(search, "")
        assert [] == await found(search, "   ?! ")

    async def test_accents_and_elisions(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        made = await article(shelf, of, words("Une livraison annulée", "L'échéance n'est pas prélevée.", "fr"))
        for question in ("livraisons annulees", "j'ai annulé", "l’echeance", "ANNULÉE"):
            assert [made.id] == await found(search, question, "fr"), question

    async def test_a_language_without_a_stemmer_and_one_without_spaces(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        polish = await article(shelf, of, words("Zwrot towaru", "Odeślij paczkę", "pl"))
        japanese = await article(shelf, of, words("返品の方法", "商品を返送してください", "ja"))
        assert [polish.id] == await found(search, "paczke", "pl")
        assert [japanese.id] == await found(search, "返品したい", "ja")

    async def test_nobody_finds_what_is_not_for_them(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        ids = [(await article(shelf, of, words("Tariffs", "Secret"), audience=audience)).id for audience in Audience]
        for audience in Audience:
            assert ids[: audience + 1] == sorted(await found(search, "tariffs", audience=audience))
        await shelf.change("article", APP, ids[0], lambda one: replace(one, audience=Audience.AGENTS))
        assert [] == await found(search, "tariffs")

    async def test_what_is_changed_archived_or_a_draft_is_found_as_it_is_now(self, shelf: Help, search: HelpSearch) -> None:
        made = await article(shelf, await section(shelf), words("Parcels", "Late"))
        await shelf.put_translation("article", APP, made.id, "en", lambda one: replace(one, title="Letters", text="Early"))
        assert ([], [made.id]) == (await found(search, "parcels"), await found(search, "letters"))
        await shelf.put_translation("article", APP, made.id, "en", lambda one: replace(one, draft=True))
        assert [] == await found(search, "letters")
        await shelf.put_translation("article", APP, made.id, "en", lambda one: replace(one, draft=False))
        await shelf.change("article", APP, made.id, lambda one: replace(one, archived_ms=1))
        assert [] == await found(search, "letters")

    async def test_a_reader_is_served_in_the_nearest_language(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        made = await article(shelf, of, words("Parcels"), words("Colis", "", "fr"), words("Paquets colis", "", "fr-ca"))
        english = await article(shelf, of, words("Taxes"))

        async def locales(question: str, locale: str) -> list[tuple[int, str]]:
            return [(hit.article_id, hit.locale) for hit in await search.search(APP, question, locale)]

        assert [(made.id, "fr-ca")] == await locales("colis", "fr-CA")
        assert [(made.id, "fr")] == await locales("colis", "fr")
        assert [(made.id, "fr")] == await locales("colis", "fr-be")
        assert [(english.id, "en")] == await locales("taxes", "fr-ca"), "the default language has it"
        assert [(english.id, "en")] == await locales("taxes", "en-gb")

    async def test_labels_and_snippets(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        text = "Something else first. " * 20 + "The parcel is <late>."
        made = await article(shelf, of, words("Delays", text), labels=("snow",))
        await article(shelf, of, words("Parcels", "late"))
        (hit,) = await search.search(APP, "late parcel", "en", labels=["snow"])
        assert (made.id, f"/hc/en/articles/{made.id}-delays") == (hit.article_id, hit.url)
        assert hit.marked.endswith("The <em>parcel</em> is &lt;<em>late</em>&gt;.")
        assert hit.snippet.endswith("The parcel is <late>.")
        assert [] == await found(search, "late parcel", labels=["ice"])

    async def test_writers_at_once_leave_an_index_that_is_right(self, shelf: Help, search: HelpSearch) -> None:
        of = await section(shelf)
        made = await asyncio.gather(*(article(shelf, of, words(f"Parcels {n}", f"common words number{n}")) for n in range(8)))
        assert {one.id for one in made} == set(await found(search, "common parcels"))
        assert [made[3].id] == (await found(search, "number3"))[:1]


class TestSuggestions:
    async def test_articles_for_a_bot(self, shelf: Help, search: HelpSearch) -> None:
        made = await article(shelf, await section(shelf), words("Late parcels", "Wait a day. Then write to us about the late parcel."))
        suggestions = Suggestions(shelf, search, "https://shop.example/")
        plain = await suggestions.perform(APP, Search(7, "my parcel is late", "en-gb"))
        assert (7, None, [str(made.id)]) == (plain.n, plain.answer, [one.id for one in plain.articles])
        assert f"https://shop.example/hc/en/articles/{made.id}-late-parcels" == plain.articles[0].url
        told = await suggestions.perform(APP, Search(8, "my parcel is late", "en", answer=True))
        assert told.answer is not None and "write to us about the late parcel" in told.answer
        assert None is (await suggestions.perform(APP, Search(9, "late pizza and taxes for a zebra", "en", answer=True))).answer
        assert 1 == len((await suggestions.perform(APP, Search(10, "late", "no locale!"))).articles)

    async def test_only_a_public_help_centre_suggests(self, shelf: Help, search: HelpSearch) -> None:
        await article(shelf, await section(shelf), words("Late parcels"))
        await shelf.save_centre(HelpCentre(APP, is_public=False))
        assert () == (await Suggestions(shelf, search, "").perform(APP, Search(1, "late parcels", "en"))).articles
        assert () == (await Suggestions(shelf, search, "").perform(OTHER, Search(1, "late parcels", "en"))).articles


class TestImports:
    async def test_the_same_again_changes_nothing_and_a_dry_run_never(self, shelf: Help, search: HelpSearch) -> None:
        files = {
            "en/orders/late.md": "---\nsection: Orders\nlabels: [snow]\n---\n# Late parcels\n\nWait.",
            "fr/orders/late.md": "---\ntitle: Colis en retard\nsection: Commandes\n---\nAttendez.",
            "en/orders/lost.html": "<h1>Lost parcels</h1><p>Write to us.</p>",
        }
        sources = [from_file(PurePosixPath(path), text, "en") for path, text in files.items()]
        dry = await import_sources(shelf, APP, sources, 1, dry_run=True)
        assert (3, 0) == (len(dry.created), await shelf.published(APP))
        first = await import_sources(shelf, APP, sources, 1)
        assert (3, 2) == (len(first.created), await shelf.published(APP))
        assert 3 == len((await import_sources(shelf, APP, sources, 2)).unchanged)
        changed = [msgspec.structs.replace(sources[0], body="<p>Call.</p>"), *sources[1:]]
        again = await import_sources(shelf, APP, changed, 3)
        assert (["orders/late (en)"], 2) == (again.updated, len(again.unchanged))
        ids = await shelf.by_source("article", APP)
        assert [ids["orders/late"]] == await found(search, "colis en retard", "fr")
        names = await shelf.translations("section", APP, list((await shelf.by_source("section", APP)).values()))
        assert {("en", "Orders"), ("fr", "Commandes")} == {(one.locale, one.title) for one in names}
        await shelf.change("article", APP, ids["orders/late"], lambda one: replace(one, archived_ms=1))
        assert 2 == len((await import_sources(shelf, APP, sources, 4)).archived)


class TestContents:
    """What everybody may read, as the pages show it."""

    async def test_the_tree_of_a_language(self, database: Database, shelf: Help) -> None:
        contents, of, other = HelpContents(database), await section(shelf), await section(shelf, OTHER)
        shown = await article(shelf, of, words("Delays"), words("Retards", locale="fr"), promoted=True)
        hidden = [{"audience": Audience.SIGNED_IN}, {"archived_ms": 1}]
        for fields in hidden:
            await article(shelf, of, words("Secret"), words("Secret", locale="de"), **fields)
        await article(shelf, of, words("Draft", draft=True, locale="es"))
        await article(shelf, other, words("Theirs", app=OTHER, locale="it"), app=OTHER)
        assert ["en", "fr"] == await contents.locales(APP)
        tree = await contents.contents(APP, "fr", "en")
        assert ([(shown.id, "Retards", True)], ["Shop"]) == (
            [(one.id, one.title, one.promoted) for one in tree.lines],
            [one.title for one in tree.categories],
        ), "what has no name in French has its English one"
        assert [of] == tree.numbers_in(tree.categories[0])
        assert (["en", "fr"], []) == (await contents.locales_in(APP, [of]), await contents.locales_in(OTHER, [of]))
        assert [(shown.id, "en", "Delays"), (shown.id, "fr", "Retards")] == [one[:3] for one in await contents.dates(APP)]

    async def test_whose_and_which(self, database: Database, shelf: Help) -> None:
        contents, of = HelpContents(database), await section(shelf)
        made = await article(shelf, of, words("Delays"), source="zendesk:article:36")
        assert (APP, APP, None) == tuple([await contents.app_of(kind, number) for kind, number in _places(made.id, of)])
        assert made.id == await contents.by_source("article", APP, "zendesk:article:36")
        assert None is await contents.by_source("article", OTHER, "zendesk:article:36")
        await shelf.vote(Vote(APP, 0, made.id, "reader:1", -1))
        assert (-1, None) == (await contents.vote_of(APP, made.id, "reader:1"), await contents.vote_of(APP, made.id, "reader:2"))

    async def test_the_oldest_app_with_a_public_help_centre(self, database: Database, shelf: Help) -> None:
        contents = HelpContents(database)
        assert None is await contents.first()
        await shelf.save_centre(HelpCentre(OTHER))
        await shelf.save_centre(HelpCentre(APP, is_public=False))
        assert HelpCentre(OTHER) == await contents.first()
        await shelf.save_centre(HelpCentre(APP))
        assert HelpCentre(APP) == await contents.first()


def _places(article_id: int, section_id: int) -> list[tuple[Kind, int]]:
    return [("article", article_id), ("section", section_id), ("category", 10**12)]
