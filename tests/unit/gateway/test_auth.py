"""Keys and tokens: who is believed."""

from __future__ import annotations

import base64
import time
from typing import Any

import jwt
import pytest

from domain.directory import ApiKey
from domain.errors import Refused
from gateway.auth import Authenticator, Principal
from gateway.lookups import Lookups

SECRET = "s" * 64
KEYS = {
    "app_1": ApiKey("app_1", SECRET, "Key", "app", "a" * 24),
    "act_1": ApiKey("act_1", SECRET, "Key", "account"),
    "int_1": ApiKey("int_1", SECRET, "Key", "integration", "a" * 24, "i" * 24),
}


class KeysOnly:
    """A directory of keys that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.keys = dict(KEYS)

    async def get_key(self, key_id: str) -> ApiKey | None:
        self.asked += 1
        return self.keys.get(key_id)


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def directory() -> KeysOnly:
    return KeysOnly()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lookups(directory: KeysOnly, clock: Clock) -> Lookups:
    return Lookups(directory, clock)  # type: ignore[arg-type]


@pytest.fixture
def authenticator(lookups: Lookups, clock: Clock) -> Authenticator:
    return Authenticator(lookups, clock)


def basic(key_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()


def bearer(key_id: str | None = "app_1", secret: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    headers = {} if key_id is None else {"kid": key_id}
    return "Bearer " + jwt.encode({"scope": "app", **claims}, secret, algorithm=algorithm, headers=headers)


async def test_a_key_and_its_secret_are_believed(authenticator: Authenticator) -> None:
    assert Principal("app", "app_1", "a" * 24) == await authenticator.principal(basic("app_1", SECRET))
    assert Principal("account", "act_1") == await authenticator.principal(basic("act_1", SECRET).replace("Basic", "basic"))
    assert Principal("integration", "int_1", "a" * 24, "i" * 24) == await authenticator.principal(basic("int_1", SECRET))


async def test_a_token_that_a_key_signed_is_believed(authenticator: Authenticator) -> None:
    assert Principal("app", "app_1", "a" * 24) == await authenticator.principal(bearer(exp=time.time() + 60))
    assert Principal("account", "act_1") == await authenticator.principal(bearer("act_1", scope="account"))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic " + base64.b64encode(b"\xff\xfe").decode(),
        "Basic " + base64.b64encode(b"app_1").decode(),
        basic("app_1", SECRET + "x"),
        basic("app_1", ""),
        basic("nobody", ""),
        basic("nobody", SECRET),
        basic("app_1\0", SECRET),
        basic("app_1", "é"),
        basic("app_1", SECRET).replace("Basic", "Digest"),
        "Basic " + "A" * 100_000,
        bearer(secret="t" * 64),
        bearer(None),
        bearer("nobody"),
        bearer("app_1", scope="account"),
        bearer("app_1", scope="user"),
        bearer("act_1", scope="app"),
        bearer("app_1", scope=None),
        bearer(exp=1),
        bearer(nbf=time.time() + 3600),
        bearer(algorithm="HS512"),
        "Bearer " + jwt.encode({"scope": "app"}, "", algorithm="none", headers={"kid": "app_1"}),
        "Bearer a.b.c",
        "Bearer ",
    ],
)
async def test_nothing_else_is_believed(authenticator: Authenticator, header: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        await authenticator.principal(header)
    assert "unauthorized" == refusal.value.code


async def test_a_thousand_requests_ask_the_directory_once_a_second(authenticator: Authenticator, directory: KeysOnly, clock: Clock) -> None:
    for _ in range(1000):
        await authenticator.principal(basic("app_1", SECRET))
    assert 1 == directory.asked
    clock.now_s = 1.01
    await authenticator.principal(basic("app_1", SECRET))
    assert 2 == directory.asked


@pytest.mark.parametrize("header", [basic("app_1", SECRET), bearer()])
async def test_a_key_that_was_deleted_here_is_over_at_once_and_elsewhere_after_a_second(
    authenticator: Authenticator, lookups: Lookups, directory: KeysOnly, clock: Clock, header: str
) -> None:
    await authenticator.principal(header)
    del directory.keys["app_1"]
    await authenticator.principal(header)
    lookups.forget_key("app_1")
    with pytest.raises(Refused):
        await authenticator.principal(header)


async def test_a_remembered_token_still_expires(authenticator: Authenticator, directory: KeysOnly, monkeypatch: pytest.MonkeyPatch) -> None:
    token = bearer(exp=int(time.time()) + 60)
    await authenticator.principal(token)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Refused):
        await authenticator.principal(token)
