"""What tickets' rules send out, without a network: what is asked for, what is tried again, and what is given up."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from domain.bot.commands import Called
from domain.bot.effects import Call
from domain.desk.bodies import AuthenticationBody, Row, WebhookBody
from domain.desk.model import Notice
from domain.errors import Refused, Unavailable
from gateway.outward.mail import Mail, composed
from gateway.outward.notices import Notices, call_of
from storage.ports import ActorId, EffectRow

HOOK = WebhookBody("Billing", "https://example.org/hook", authentication=AuthenticationBody("bearer_token", {"token": "t-1"}))
ACTOR = ActorId("ticket", "a" * 24, "d" * 24)


def effect(number: int, notice: Notice) -> EffectRow:
    return EffectRow(number, ACTOR, notice.way, msgspec.msgpack.encode(notice))


class _Caller:
    """Answers as it is told."""

    def __init__(self, *told: Called) -> None:
        self.told, self.calls = list(told), list[tuple[Call, str, int]]()

    async def perform(self, call: Call, app_id: str, effect_id: int) -> Called:
        self.calls.append((call, app_id, effect_id))
        return self.told.pop(0)


class _Mailer:
    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        self.mails.append(mail)


def notices(caller: _Caller, hook: WebhookBody | None = HOOK, mailer: _Mailer | None = None) -> Notices:
    async def find(app_id: str, number: int) -> Row | None:
        return None if hook is None or number != 9 else Row("webhook", 9, 1, hook)

    return Notices(caller, find, mailer)  # type: ignore[arg-type]


async def test_a_webhook_is_called_with_what_it_wants_to_see() -> None:
    caller = _Caller(Called(0, 200))
    await notices(caller).call(effect(5, Notice("webhook", "9", '{"a":1}')))
    ((call, app, number),) = caller.calls
    assert ("POST", HOOK.endpoint, '{"a":1}', 0, ACTOR.app, 5) == (call.method, call.url, call.body, call.retries, app, number)
    assert {"Content-Type": "application/json", "Authorization": "Bearer t-1"} == call.headers


@pytest.mark.parametrize("told", [Called(0, 503, error="status"), Called(0, 429, error="status"), Called(0, 0, error="timeout")])
async def test_what_may_pass_is_tried_again(told: Called) -> None:
    with pytest.raises(Unavailable):
        await notices(_Caller(told)).call(effect(5, Notice("webhook", "9", "{}")))


@pytest.mark.parametrize("told", [Called(0, 400, error="status"), Called(0, 0, error="forbidden_address")])
async def test_what_is_refused_for_good_is_given_up(told: Called) -> None:
    await notices(_Caller(told)).call(effect(5, Notice("webhook", "9", "{}")))


async def test_a_webhook_that_is_gone_is_not_called() -> None:
    for hook in (None, msgspec.structs.replace(HOOK, status="inactive")):
        with pytest.raises(Refused):
            await notices(_Caller(), hook).call(effect(5, Notice("webhook", "9", "{}")))


def test_each_way_of_showing_oneself() -> None:
    def headers(kind: Any, **data: str) -> dict[str, str]:
        return call_of(msgspec.structs.replace(HOOK, authentication=AuthenticationBody(kind, data)), Notice("webhook", "9", "{}")).headers

    assert "Basic dTpw" == headers("basic_auth", username="u", password="p")["Authorization"]
    assert "k" == headers("api_key", name="X-Key", value="k")["X-Key"]
    assert call_of(msgspec.structs.replace(HOOK, http_method="GET"), Notice("webhook", "9", "{}")).body is None


async def test_an_email_has_the_same_name_however_often_it_is_sent() -> None:
    mailer = _Mailer()
    made = notices(_Caller(), mailer=mailer)
    for number in (5, 5, 6):
        await made.mail(effect(number, Notice("mail", "ann@example.org", "Text", "Subject")))
    first, again, other = (mail.key for mail in mailer.mails)
    assert first == again != other
    assert "ann" not in repr(mailer.mails[0])
    with pytest.raises(Refused):
        await notices(_Caller()).mail(effect(5, Notice("mail", "ann@example.org", "Text", "Subject")))


def test_a_message_as_it_goes_over_the_wire() -> None:
    message = composed(Mail("ann@example.org", "Été", "Où êtes-vous ?", "k-1"), "shop@example.org")
    assert ("<k-1@example.org>", "auto-generated", "Été") == (message["Message-ID"], message["Auto-Submitted"], message["Subject"])
    assert "Où êtes-vous ?" == message.get_content().strip()
    for wrong in ("", "ann", "ann@example.org\r\nBcc: eve@example.org"):
        with pytest.raises(Refused):
            composed(Mail(wrong, "S", "T", "k"), "shop@example.org")
