"""Where a redirect may lead."""

from __future__ import annotations

import pytest
from yarl import URL

from gateway.outward.addresses import Reach
from gateway.outward.client import _target
from gateway.outward.requests import Failed


def test_a_redirect_never_gives_up_tls() -> None:
    reach = Reach(http=True)
    assert URL("https://b.example/x") == _target(URL("https://a.example/"), "//b.example/x", reach)
    assert URL("https://b.example/x") == _target(URL("http://a.example/"), "https://b.example/x", reach)
    with pytest.raises(Failed) as caught:
        _target(URL("https://a.example/"), "http://a.example/", reach)
    assert "bad_redirect" == caught.value.reason
