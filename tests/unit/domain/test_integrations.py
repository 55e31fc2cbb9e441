"""What integrations may be told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain import integrations as model
from domain.directory import Integration
from domain.errors import Invalid, Refused
from domain.integrations import ChannelSettings, CustomSettings, Webhook, WebSettings, changed, check_integration_count, check_type

FIELD = {"type": "text", "name": "company", "label": "Company", "placeholder": "Acme"}
EVERYTHING: dict[str, Any] = {
    "defaultResponderId": "a" * 24,
    "showAIDisclaimer": False,
    "brandColor": "fff",
    "fixedIntroPane": True,
    "conversationColor": "AbCdEf",
    "actionColor": "000000",
    "displayStyle": "tab",
    "buttonIconUrl": "https://example.org/b.png",
    "buttonWidth": "64",
    "buttonHeight": "64px",
    "integrationOrder": ["b" * 24],
    "businessName": "Kent Shop",
    "businessIconUrl": "https://example.org/i.png",
    "backgroundImageUrl": "https://example.org/t.png",
    "originWhitelist": ["https://example.org", "http://localhost:8080", "https://[::1]:8443"],
    "prechatCapture": {"enabled": True, "enableEmailLinking": True, "avatarUrl": "https://example.org/a.png", "fields": [FIELD]},
    "canUserSeeConversationList": False,
    "canUserCreateMoreConversations": False,
    "attachmentsEnabled": False,
}


def test_every_setting_of_the_widget_is_kept_and_stored() -> None:
    told = model.web_changed(WebSettings(), EVERYTHING)
    assert EVERYTHING == msgspec.json.decode(msgspec.json.encode(told))
    assert told == msgspec.json.decode(msgspec.json.encode(told), type=WebSettings)
    assert set(EVERYTHING) == {field.encode_name for field in msgspec.structs.fields(WebSettings)}


def test_what_is_absent_stays_and_null_unsets() -> None:
    told = model.web_changed(WebSettings(), EVERYTHING)
    assert told == model.web_changed(told, {})
    assert WebSettings() == model.web_changed(told, dict.fromkeys(EVERYTHING))
    assert WebSettings(brand_color="123") == model.web_changed(WebSettings(), {"brandColor": "123", "unheardOf": 1, "id": "x"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("brandColor", "ff"),
        ("brandColor", "#fff"),
        ("brandColor", "ffff"),
        ("conversationColor", "gggggg"),
        ("actionColor", 123),
        ("displayStyle", "popup"),
        ("buttonIconUrl", "javascript:alert(1)"),
        ("buttonWidth", 58),
        ("buttonWidth", "0"),
        ("buttonHeight", "calc(1px)"),
        ("integrationOrder", ["x"]),
        ("integrationOrder", "a" * 24),
        ("businessName", "x" * 256),
        ("businessIconUrl", "/i.png"),
        ("originWhitelist", []),
        ("originWhitelist", ["*"]),
        ("originWhitelist", ["https://example.org/"]),
        ("originWhitelist", ["https://example.org/path"]),
        ("originWhitelist", ["ftp://example.org"]),
        ("originWhitelist", ["https://u@example.org"]),
        ("originWhitelist", ["https://example.org"] * (model.MAX_ORIGINS + 1)),
        ("prechatCapture", True),
        ("prechatCapture", {"fields": []}),
        ("prechatCapture", {"fields": [FIELD, FIELD]}),
        ("prechatCapture", {"fields": [{"type": "date", "name": "x", "label": "x"}]}),
        ("canUserSeeConversationList", "yes"),
        ("attachmentsEnabled", 1),
        ("showAIDisclaimer", "no"),
        ("defaultResponderId", "bot"),
    ],
)
def test_what_the_widget_cannot_be_told_names_its_field(field: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        model.web_changed(WebSettings(), {field: value})
    assert refusal.value.field.startswith(field)


def test_origins_are_listed_as_browsers_send_them() -> None:
    assert ("https://example.org",) == model.web_changed(WebSettings(), {"originWhitelist": ["HTTPS://Example.ORG"]}).origin_whitelist


def test_the_official_clients_word_for_no_avatar() -> None:
    told = model.web_changed(WebSettings(), {"prechatCapture": {"avatarUrl": "undefined", "enabled": True}})
    assert model.PrechatCapture(enabled=True) == told.prechat_capture


def test_other_channels_have_what_every_channel_has() -> None:
    told = changed(ChannelSettings(), {"defaultResponderId": "a" * 24, "brandColor": "fff"})
    assert "a" * 24 == Integration("x", "y", "line", settings=told).default_responder_id
    assert None is Integration("x", "y", "custom", settings=CustomSettings()).default_responder_id


HOOK = {"target": "https://example.org/hook", "triggers": ["conversation:message", "switchboard:passControl:failure"]}


def test_a_program_is_made_with_one_webhook() -> None:
    (posted,) = model.webhooks_posted([{**HOOK, "includeFullUser": True, "secret": "mine", "id": "x"}])
    assert ("https://example.org/hook", True) == (posted.target, posted.include_full_user)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (None, "webhooks"),
        ([], "webhooks"),
        ([HOOK, HOOK], "webhooks"),
        ({}, "webhooks"),
        ([{**HOOK, "target": "x"}], "webhooks[0].target"),
        ([{**HOOK, "triggers": []}], "webhooks[0].triggers"),
        ([{**HOOK, "triggers": ["conversation:Message"]}], "webhooks[0].triggers[0]"),
        ([{"target": HOOK["target"]}], "webhooks[0].triggers"),
    ],
)
def test_what_is_no_webhook(given: Any, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        model.webhooks_posted(given)
    assert field == refusal.value.field


def test_a_webhooks_secret_is_not_shown_in_logs() -> None:
    hook = Webhook("a" * 24, "s3cret", HOOK["target"], ())  # type: ignore[arg-type]
    assert "s3cret" not in repr(Integration("x", "y", "custom", settings=CustomSettings((hook,))))


@pytest.mark.parametrize(("kind", "code"), [("line", "not_implemented"), ("fax", "bad_request"), (None, "bad_request"), (7, "bad_request")])
def test_types_that_cannot_be_made(kind: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_type(kind)
    assert code == refusal.value.code


def test_an_app_has_so_many_and_no_more() -> None:
    check_integration_count(model.MAX_INTEGRATIONS_PER_APP - 1, model.MAX_WEBHOOKS_PER_APP)
    for count, webhooks in ((model.MAX_INTEGRATIONS_PER_APP, 0), (0, model.MAX_WEBHOOKS_PER_APP + 1)):
        with pytest.raises(Refused):
            check_integration_count(count, webhooks)
