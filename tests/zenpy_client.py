"""A client that nobody here wrote: PyPI `zenpy`, unchanged but for an adapter that leads its https host to a server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
import requests
from requests.adapters import HTTPAdapter

zenpy = pytest.importorskip("zenpy")

T = TypeVar("T")
HOST = "https://brindille.zendesk.com"


class ToServer(HTTPAdapter):
    """Whatever is asked of `HOST` is asked of a server, in clear; addresses in answers are those of `HOST` again."""

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


def client(url: str, email: str, token: str, **options: Any) -> Any:
    """Of an agent, by an API token."""
    session = requests.Session()
    session.mount(HOST, ToServer(url))
    return zenpy.Zenpy(subdomain="brindille", email=email, token=token, session=session, **options)


async def run(work: Callable[[], T]) -> T:
    """In a thread: the client blocks."""
    return await asyncio.to_thread(work)
