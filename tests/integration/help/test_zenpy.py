"""A client that nobody here wrote: PyPI `zenpy`, unchanged but for an adapter that leads its https host to the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.help_server import AGENT, HelpServer

zenpy = pytest.importorskip("zenpy")
api = pytest.importorskip("zenpy.lib.api_objects.help_centre_objects")

T = TypeVar("T")
HOST = "https://brindille.zendesk.com"


class _ToServer(HTTPAdapter):
    """Whatever is asked of `HOST` is asked of the server, in clear; addresses in answers are those of `HOST` again."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        sent = request.copy()
        sent.url = str(request.url).replace(HOST, self._url)
        answer = super().send(sent, *args, **options)
        answer.request = request
        answer._content = answer.content.replace(self._url.encode(), HOST.encode())
        answer.url = answer.url.replace(self._url, HOST)
        return answer


def client(server: HelpServer, token: str | None = None) -> Any:
    session = requests.Session()
    session.mount(HOST, _ToServer(server.url))
    return zenpy.Zenpy(subdomain="brindille", email=AGENT, token=token or server.token, session=session)


async def run(work: Callable[[], T]) -> T:
    """In a thread: the client blocks."""
    return await asyncio.to_thread(work)


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
