"""Rules of the directory's values."""

from __future__ import annotations

import msgspec
import pytest

from domain.directory import (
    AppSettings,
    Identity,
    Profile,
    ProfilePatch,
    Session,
    SettingsPatch,
    User,
    changed_settings,
    check_key_count,
    check_settings,
    friendly_name,
    patched,
    without_personal_information,
)
from domain.errors import Invalid, Refused

USER = User("a" * 24, "u" * 16 + "0000002a", "c" * 24, "ada")


def test_settings_change_where_they_are_named() -> None:
    old = AppSettings(mask_credit_card_numbers=False)
    assert AppSettings(300, False) == changed_settings(old, SettingsPatch(conversation_retention_seconds=300))


def test_several_conversations_are_switched_on_for_ever() -> None:
    off = AppSettings(multi_convo_enabled=False)
    on = changed_settings(off, SettingsPatch(multi_convo_enabled=True))
    with pytest.raises(Invalid, match="multiConvoEnabled"):
        changed_settings(on, SettingsPatch(multi_convo_enabled=False))


@pytest.mark.parametrize("name", ["end_session_enabled", "disable_conversation_reopen"])
def test_some_settings_need_several_conversations(name: str) -> None:
    check_settings(AppSettings(**{name: True}))
    with pytest.raises(Invalid, match="multiConvoEnabled"):
        check_settings(AppSettings(multi_convo_enabled=False, **{name: True}))


def test_a_profile_keeps_what_is_absent_and_loses_what_is_null() -> None:
    patch = msgspec.json.decode(b'{"givenName": null, "locale": "fr-CA"}', type=ProfilePatch)
    assert Profile(None, "L", locale="fr-CA") == patched(Profile("A", "L"), patch)


@pytest.mark.parametrize("locale", ["fr", "fr-CA", "zh-Hant-TW", "en_US", "sr-Latn-RS-ekavsk"])
def test_locales(locale: str) -> None:
    assert Profile(locale=locale) == msgspec.convert({"locale": locale}, Profile)


@pytest.mark.parametrize("locale", ["", "f", "fr CA", "fr-", "1", "fr\n", "x" * 65])
def test_what_is_no_locale(locale: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"locale": locale}, Profile)


def test_an_app_has_ten_keys() -> None:
    check_key_count(9)
    with pytest.raises(Refused):
        check_key_count(10)


def test_erasure_leaves_the_ids() -> None:
    full = msgspec.structs.replace(USER, profile=Profile("Ada"), metadata={"a": 1}, identities=(Identity("email", "a@b"),))
    assert USER == without_personal_information(full)


def test_names() -> None:
    assert "Ada L" == friendly_name(msgspec.structs.replace(USER, profile=Profile("Ada", "L")))
    assert "Ada" == friendly_name(msgspec.structs.replace(USER, profile=Profile("Ada")), animals=True)
    assert "Visitor 002a" == friendly_name(USER)
    assert friendly_name(USER, animals=True) == friendly_name(USER, animals=True) != "Visitor 002a"


def test_a_session_ends() -> None:
    session = Session(b"", "visitor", 0, 10)
    assert (True, False) == (session.is_valid(9), session.is_valid(10))
    assert not msgspec.structs.replace(session, revoked=True).is_valid(9)
