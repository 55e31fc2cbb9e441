"""What browsers are told that our pages may do."""

from __future__ import annotations

import pytest

from gateway.pages import policy


def directives(text: str) -> dict[str, str]:
    return dict(one.split(" ", 1) for one in text.split("; "))


def test_scripts_and_styles_are_our_own_files_and_nothing_else() -> None:
    for text in (policy.messenger({"chat.example:8080"}, ["https://shop.example"]), policy.demo(), policy.workspace({"chat.example"})):
        told = directives(text)
        assert ("'none'", "'self'", "'self'") == (told["default-src"], told["script-src"], told["style-src"])
        assert "unsafe" not in text
        assert told["require-trusted-types-for"] == "'script'"


def test_the_messenger_speaks_to_its_server_alone() -> None:
    told = directives(policy.messenger({"chat.example:8080"}, []))
    assert "'self' ws://chat.example:8080 wss://chat.example:8080" == told["connect-src"]
    assert "'self'" == told["frame-ancestors"]


def test_the_agents_window_is_shown_by_no_page_and_speaks_to_its_server_alone() -> None:
    told = directives(policy.workspace({"chat.example:8080"}))
    assert "'self' ws://chat.example:8080 wss://chat.example:8080" == told["connect-src"]
    assert ("'none'", "dompurify") == (told["frame-ancestors"], told["trusted-types"])


def test_the_listed_pages_may_show_it() -> None:
    told = directives(policy.messenger(set(), ["https://shop.example", "http://[::1]:3000"]))
    assert "'self' https://shop.example http://[::1]:3000" == told["frame-ancestors"]
    assert "*" == directives(policy.messenger(set(), ["https://shop.example", "*"]))["frame-ancestors"]


@pytest.mark.parametrize("odd", ["x; script-src *", "a b", "chat.example\r\nX: y", "'unsafe-inline'", "*"])
def test_a_host_cannot_write_into_the_policy(odd: str) -> None:
    assert policy.messenger({odd}, []) == policy.messenger(set(), [])
    assert policy.messenger(set(), [f"https://{odd}"]) == policy.messenger(set(), [])
