"""Settings are read once, refused by name, and shown without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from causerie.settings import Settings, read, unknown, without_password
from domain.errors import Invalid


def test_what_is_given_counts_before_the_environment_and_that_before_the_default() -> None:
    settings = read({"port": 1, "host": None}, {"CAUSERIE_PORT": "2", "CAUSERIE_HOST": "192.0.2.1"})
    assert (1, "192.0.2.1", Path("data")) == (settings.port, settings.host, settings.data)


def test_an_empty_variable_is_no_setting() -> None:
    assert read({}, {"CAUSERIE_DATABASE_URL": "", "CAUSERIE_PORT": ""}) == Settings()


def test_lists_are_separated_by_commas() -> None:
    settings = read({}, {"CAUSERIE_TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::/32,", "CAUSERIE_ALLOWED_ORIGINS": "*"})
    assert (("10.0.0.0/8", "2001:db8::/32"), ("*",)) == (settings.trusted_proxies, settings.allowed_origins)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "80800"),
        ("PORT", "http"),
        ("RATE_LIMITS", "maybe"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example.com"),
        ("ALLOWED_ORIGINS", "www.example.com"),
        ("ALLOWED_ORIGINS", "https://www.example.com/page"),
        ("DATABASE_URL", "mysql://example.com/causerie"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "postgresql://user:pa:ss@word@[/x"),
        ("REDIS_URL", "example.com:6379"),
        ("PUBLIC_URL", "chat.example.com"),
        ("RAY_ADDRESS", "ray://192.0.2.10:10001"),
        ("DEDICATED_APPS", "mine"),
        ("HELP_CENTRE_HOSTS", "help.example.com"),
        ("HELP_CENTRE_HOSTS", "https://help.example.com=" + "a" * 24),
        ("TLS_KEY", "key.pem"),
        ("CONVERSATION_HOSTS", "4"),
        ("CONVERSATION_HOSTS", "-1"),
        ("IDLE_SECONDS", "0"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(Invalid) as caught:
        read({}, {f"CAUSERIE_{name}": value})
    assert caught.value.title.startswith(f"CAUSERIE_{name}: ")


def test_a_wrong_option_is_refused_by_the_name_of_the_option() -> None:
    with pytest.raises(Invalid, match=r"--ray-address: "):
        read({"ray_address": "ray://192.0.2.10:10001"}, {})
    with pytest.raises(Invalid, match=r"--port: "):
        read({"port": 70_000}, {})


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "PUBLIC_URL"])
def test_a_refusal_does_not_repeat_an_address(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        read({}, {f"CAUSERIE_{name}": "ftp://user:hunter2@example.com"})
    assert "hunter2" not in caught.value.title


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://causerie:hunter2@db.example.com:5432/causerie", "postgresql://causerie:***@db.example.com:5432/causerie"),
        ("postgresql://causerie:hunter2@x@y/z@db.example.com/causerie", "postgresql://causerie:***@db.example.com/causerie"),
        (
            "postgresql:///causerie?host=/run/postgresql&password=hunter2&x=1",
            "postgresql:///causerie?host=/run/postgresql&password=***&x=1",
        ),
        ("postgresql://causerie@db.example.com:5432/causerie", "postgresql://causerie@db.example.com:5432/causerie"),
        ("redis://:hunter2@192.0.2.7:6379/0", "redis://:***@192.0.2.7:6379/0"),
        ("sqlite:////srv/causerie/data/causerie.db", "sqlite:////srv/causerie/data/causerie.db"),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert shown == without_password(url)


def test_settings_show_no_password() -> None:
    settings = read(
        {}, {"CAUSERIE_DATABASE_URL": "postgresql://u:hunter2@192.0.2.7/x", "CAUSERIE_REDIS_URL": "redis://:hunter2@192.0.2.8/0"}
    )
    assert "hunter2" not in f"{settings!r} {settings} {settings.redacted()}"
    assert settings.redacted()["CAUSERIE_DATABASE_URL"] == "postgresql://u:***@192.0.2.7/x"


def test_a_misspelt_variable_is_noticed() -> None:
    environment = {"CAUSERIE_DATABSE_URL": "x", "CAUSERIE_PORT": "1", "CAUSERIE_RUN": "/tmp", "HOME": "/"}
    assert ["CAUSERIE_DATABSE_URL"] == unknown(environment)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"host": "::1"}, "http://[::1]:8080"),
        ({"tls_certificate": "chain.pem"}, "https://127.0.0.1:8080"),
        ({"public_url": "https://chat.example.com"}, "https://chat.example.com"),
    ],
)
def test_the_address_is_what_clients_use(given: dict[str, object], address: str) -> None:
    assert address == read(given, {}).address
