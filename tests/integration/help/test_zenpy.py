"""The help centre's API by PyPI `zenpy`."""

from __future__ import annotations

from typing import Any

import pytest

from tests import zenpy_client
from tests.help_server import AGENT, HelpServer
from tests.zenpy_client import run

api = pytest.importorskip("zenpy.lib.api_objects.help_centre_objects")


def client(server: HelpServer, token: str | None = None) -> Any:
    return zenpy_client.client(server.url, AGENT, token or server.token)


async def test_reads_and_writes(server: HelpServer) -> None:
    def work() -> None:
        centre = client(server).help_center
        category = centre.categories.create(api.Category(name="Shop", description="All", locale="en-us"))
        section = centre.sections.create(api.Section(name="Delivery", category_id=category.id, locale="en-us"))
        made = [
            centre.articles.create(
                section.id, api.Article(title=f"Late parcel {number}", body="<p>Wait.</p>", locale="en-us", user_segment_id=None)
            )
            for number in range(3)
        ]
        assert [one.id for one in made] == [one.id for one in centre.articles()]
        assert "Late parcel 0" == centre.articles(id=made[0].id).title
        assert [one.id for one in made] == [one.id for one in centre.sections.articles(section.id)]
        assert [section.id] == [one.id for one in centre.categories.sections(category.id)]
        changed = made[0]
        changed.promoted = True
        assert centre.articles.update(changed).promoted
        centre.articles.archive(made[2])
        assert 2 == len(list(centre.articles()))

    await run(work)


async def test_translations_labels_votes_and_search(server: HelpServer) -> None:
    def work() -> None:
        centre = client(server).help_center
        category = centre.categories.create(api.Category(name="Shop", locale="en-us"))
        section = centre.sections.create(api.Section(name="Delivery", category_id=category.id, locale="en-us"))
        article = centre.articles.create(section.id, api.Article(title="Late parcel", body="<p>Wait.</p>", locale="en-us"))
        centre.articles.create_translation(article, api.Translation(locale="fr", title="Colis en retard", body="<p>Attendez.</p>"))
        assert {"en-us", "fr"} == {one.locale for one in centre.articles.translations(article)}
        assert "Colis en retard" == centre.articles.show_translation(article, "fr").title
        centre.labels.create(article, api.Label(name="snow"))
        assert ["snow"] == [one.name for one in centre.articles.labels(article)]
        assert 1 == centre.articles.vote_up(article).value
        assert [1] == [one.value for one in centre.articles.votes(article)]
        assert [article.id] == [one.id for one in centre.articles.search(query="parcels that are late")]
        assert [article.id] == [one.id for one in centre.articles.search(query="mon colis est en retard", locale="fr")]

    await run(work)


async def test_a_wrong_token_and_a_missing_article(server: HelpServer) -> None:
    def work() -> None:
        from zenpy.lib.exception import APIException, RecordNotFoundException

        with pytest.raises(APIException, match="Couldn't authenticate you"):
            list(client(server, "x" * 40).help_center.articles())
        with pytest.raises(RecordNotFoundException):
            client(server).help_center.articles(id=999)

    await run(work)
