"""The contract of links, kept alike over a Unix socket, TCP, and Ray's calls: between a real host and the gateway's end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from actors import frames, link
from actors.answers import Answer
from actors.host_process import HostConfig, HostProcess
from actors.link import Follow, Outcome, SlotLink
from actors.socket_link import client_tls, connect
from domain.conversation import commands as cmd
from domain.errors import Refused, Unavailable
from storage.memory import MemoryJournal
from storage.ports import ActorId
from tests import conversations as talk
from tests.certificates import certificate
from tests.hosts import TOKEN, Hosts, until

ANN = talk.actor("a" * 24)
BOB = talk.actor("b" * 24)


class Gateway:
    """The gateway's end, with what it was told."""

    def __init__(self, hosts: Hosts, **options: Any) -> None:
        self.hosts, self.journal = hosts, hosts.journal
        self.answers: dict[int, Outcome] = {}
        self.order: list[int] = []
        self.events: list[tuple[int, bytes]] = []
        self.followed: list[Follow] = []
        self.link = SlotLink(
            "conversation", "0", hosts, hosts.connect, self.followed.extend, **{"ping_s": 0.1, "silence_s": 3.0, **options}
        )

    def say(self, key: int, command: cmd.Command | None = None, actor: ActorId = ANN, timeout_s: float = 20.0, digest: int = 0) -> int:
        def answered(outcome: Outcome) -> None:
            assert key not in self.answers or command is not None, "answered twice"
            self.answers[key] = outcome
            self.order.append(key)

        told = command or talk.post("ann", str(key), create=talk.create("ann"))
        return self.link.say(actor, key, digest, False, cmd.encode(told), answered, timeout_s)

    async def all_answered(self, count: int) -> None:
        await until(lambda: len(self.answers) >= count, 10)

    async def texts(self, actor: ActorId = ANN) -> list[str]:
        """What the conversation holds, by the journal."""
        key = await self.journal.find(actor)
        rows = await self.journal.messages(key or 0, 0, None, 10_000)
        return [row.body.split(b'"text":"')[1].split(b'"')[0].decode() for row in rows]

    def follow(self, actor: ActorId = ANN) -> Follow:
        return self.link.follow(actor, lambda seq, body: self.events.append((seq, body)))


@pytest.fixture(params=["unix", "tcp", "tls", "ray"])
async def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hosts]:
    made = Hosts(MemoryJournal(), request.param, tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def gateway(hosts: Hosts) -> AsyncIterator[Gateway]:
    made = Gateway(hosts)
    yield made
    await made.link.close()


def seqs(gateway: Gateway) -> list[int]:
    return [answer.seq for _, answer in sorted(gateway.answers.items()) if isinstance(answer, Answer)]


async def test_a_command_is_answered(gateway: Gateway) -> None:
    """Accepted with the place of its event, or refused in words."""
    gateway.say(1)
    gateway.say(2, talk.post("bob"))
    await gateway.all_answered(2)
    assert isinstance(gateway.answers[1], Answer) and gateway.answers[1].seq == 2
    assert isinstance(gateway.answers[2], Refused) and gateway.answers[2].code == "forbidden"
    assert 0 == gateway.link.waiting


async def test_many_commands_of_one_step_are_one_write_and_one_commit(gateway: Gateway, hosts: Hosts) -> None:
    """And so are their answers and events on the way back."""
    gateway.say(0)
    gateway.follow()
    await gateway.all_answered(1)
    await until(lambda: gateway.followed)
    node = hosts.node
    gateway.events.clear()
    received, writes, commits = len(node.received), node.writes, hosts.journal.commits  # type: ignore[attr-defined]
    for key in range(1, 31):
        gateway.say(key)
    await gateway.all_answered(31)
    pings = sum(data == frames.pack((frames.PING, 0))[:1] or len(data) < 20 for data in node.received[received:])
    assert 1 == len(node.received) - received - pings
    assert node.writes - writes - pings <= 2
    assert 1 == hosts.journal.commits - commits  # type: ignore[attr-defined]
    assert 30 == len(gateway.events)


async def test_what_was_not_answered_is_said_again_to_the_successor(gateway: Gateway, hosts: Hosts) -> None:
    """With the same numbers and keys, in order: nothing is lost, doubled or reordered, wherever the host died."""
    gateway.say(0)
    await gateway.all_answered(1)
    for n in range(6):
        for key in range(1 + 20 * n, 21 + 20 * n):
            gateway.say(key)
            if key % 7 == 0:
                await asyncio.sleep(0.001)
        await hosts.node.kill()
        await asyncio.sleep(0.003)
    await gateway.all_answered(121)
    assert [str(key) for key in range(121)] == await gateway.texts()
    assert list(range(2, 123)) == seqs(gateway)
    await until(lambda: len(hosts.nodes) == 7)  # the last may have answered all before it died


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_host_that_dies_around_its_commit_loses_and_doubles_nothing(gateway: Gateway, hosts: Hosts, when: str) -> None:
    """Before it: the successor commits. After it, and before the ack: the successor knows the command."""
    gateway.say(0)
    await gateway.all_answered(1)
    journal: Any = hosts.journal
    journal.fail("commit", asyncio.CancelledError(), when=when)
    for key in range(1, 30):
        gateway.say(key)
    await until(lambda: hosts.node.host._task.done())  # type: ignore[union-attr]
    await hosts.node.kill()
    await gateway.all_answered(30)
    assert [str(key) for key in range(30)] == await gateway.texts()
    assert list(range(2, 32)) == seqs(gateway)
    repeated = [answer.repeated for key, answer in sorted(gateway.answers.items()) if isinstance(answer, Answer) and key]
    assert [when == "after"] * 29 == repeated


async def test_too_much_is_refused_and_not_taken(gateway: Gateway, hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-pressure: full means a typed refusal at once. What was taken before is answered, and then there is room again."""
    monkeypatch.setattr(link, "WINDOW", 10)
    gateway.say(0)
    await gateway.all_answered(1)
    journal: Any = hosts.journal
    journal.hold()
    for key in range(1, 11):
        gateway.say(key)
    with pytest.raises(Unavailable) as refused:
        gateway.say(11)
    assert ("overloaded", 10) == (refused.value.code, gateway.link.waiting)
    journal.release()
    await gateway.all_answered(11)
    gateway.say(12)
    await gateway.all_answered(12)
    assert [str(key) for key in range(13) if key != 11] == await gateway.texts()


async def test_a_cancelled_command_is_not_said_again(gateway: Gateway, hosts: Hosts) -> None:
    """Nor answered. Whether it took effect is unknown; here the host died before it did."""
    gateway.say(0)
    await gateway.all_answered(1)
    journal: Any = hosts.journal
    journal.hold()
    numbers = [gateway.say(key) for key in (1, 2, 3)]
    gateway.link.cancel(numbers[1])
    await hosts.node.kill()
    journal.release()
    await gateway.all_answered(3)
    assert ["0", "1", "3"] == await gateway.texts()
    assert 2 not in gateway.answers


async def test_a_command_that_waited_too_long_is_given_up(gateway: Gateway, hosts: Hosts) -> None:
    """It may have taken effect, so the same id may come again: it is answered then."""
    gateway.say(0)
    await gateway.all_answered(1)
    journal: Any = hosts.journal
    journal.hold()
    gateway.say(1, timeout_s=0.05)
    await gateway.all_answered(2)
    assert isinstance(gateway.answers[1], Unavailable)
    journal.release()
    del gateway.answers[1]
    gateway.say(1)
    await gateway.all_answered(2)
    assert ["0", "1"] == await gateway.texts()


async def _raw(hosts: Hosts, *sent: bytes) -> tuple[list[bytes], asyncio.Event]:
    """A peer that says what it likes: what it hears, and when it was cut off."""
    heard: list[bytes] = []
    over = asyncio.Event()
    await hosts.owner("conversation", "0", 0)

    class Peer:
        def received(self, data: bytes) -> None:
            heard.append(data)

        def ended(self) -> None:
            over.set()

    def attach(send: Callable[[bytes], None], end: Callable[[], None]) -> Peer:
        for data in sent:
            asyncio.get_running_loop().call_soon(send, data)
        return Peer()

    await hosts.connect(hosts.node.address, attach)
    return heard, over


SAY = frames.pack((frames.SAY, [(1, ANN.app, ANN.id, 1, 0, False, cmd.encode(talk.create("ann")))]))


@pytest.mark.parametrize(
    "sent",
    [
        [frames.pack((frames.HELLO, "wrong")), SAY],
        [SAY],
        [frames.pack((frames.HELLO, None)), SAY],
        [frames.pack((frames.HELLO, "ü")), SAY],
        [b"GET / HTTP/1.1\r\n\r\n"],
        [frames.pack((frames.HELLO, TOKEN)), b"\xc1", SAY],
        [frames.pack((frames.HELLO, TOKEN)), frames.pack((99, 1)), SAY],
        [frames.pack((frames.HELLO, TOKEN)), frames.pack((frames.SAY, [(1, 2)])), SAY],
        [frames.pack((frames.HELLO, TOKEN)), frames.pack((frames.FOLLOW, 7)), SAY],
    ],
    ids=["wrong token", "no hello", "nil", "not ascii", "http", "garbage", "unknown frame", "half a command", "follow nothing"],
)
async def test_a_peer_that_does_not_keep_to_the_protocol_is_cut_off(hosts: Hosts, sent: list[bytes]) -> None:
    """At once, nothing that it says is done, and the host goes on for others."""
    _, over = await _raw(hosts, *sent)
    async with asyncio.timeout(2):
        await over.wait()
    assert await hosts.journal.find(ANN) is None
    other = Gateway(hosts)
    other.say(1)
    await other.all_answered(1)
    assert [] == hosts.silenced
    await other.link.close()


async def test_a_wrong_token_is_not_welcomed(hosts: Hosts) -> None:
    heard, over = await _raw(hosts, frames.pack((frames.HELLO, "wrong")))
    async with asyncio.timeout(2):
        await over.wait()
    assert [] == heard


async def test_a_host_of_another_version_is_left_alone(hosts: Hosts) -> None:
    """Its gateway refuses commands for a while, says once why, and looks again now and then; the host is not ended nor replaced."""
    gateway = Gateway(hosts, protocol=(2, 7))
    with capture_logs() as logged:
        for key in (1, 2):
            gateway.say(key)
            await gateway.all_answered(key)
    assert [("unavailable", Unavailable)] * 2 == [(answer.code, type(answer)) for answer in gateway.answers.values()]  # type: ignore[union-attr]
    told = [(line["ours"], line["theirs"]) for line in logged if line["event"] == "link_other_version"]
    assert [((2, 7), frames.PROTOCOL)] == told
    assert ([], 1, None) == (hosts.silenced, len(hosts.nodes), await hosts.journal.find(ANN))
    await gateway.link.close()


async def test_another_minor_version_is_welcome(hosts: Hosts) -> None:
    gateway = Gateway(hosts, protocol=(frames.PROTOCOL[0], frames.PROTOCOL[1] + 9))
    gateway.say(1)
    await gateway.all_answered(1)
    assert isinstance(gateway.answers[1], Answer)
    await gateway.link.close()


@pytest.mark.parametrize(
    ("hello", "answer"),
    [
        ((frames.HELLO, TOKEN), [frames.WELCOME, 1, list(frames.PROTOCOL)]),
        ((frames.HELLO, TOKEN, (1, 99)), [frames.WELCOME, 1, list(frames.PROTOCOL)]),
        ((frames.HELLO, TOKEN, (2, 0)), [frames.REFUSED, list(frames.PROTOCOL)]),
    ],
    ids=["no version", "a later minor", "a later major"],
)
async def test_a_greeting_is_answered_with_the_version(hosts: Hosts, hello: tuple[Any, ...], answer: list[Any]) -> None:
    """Who says no version speaks the first. What is said after a refusal ends the line."""
    heard, over = await _raw(hosts, frames.pack(hello))
    await until(lambda: heard)
    assert [answer] == frames.Reader().feed(heard[0])
    assert not over.is_set()


async def test_a_command_may_be_refused_for_a_while(gateway: Gateway, hosts: Hosts) -> None:
    """By the host, as by a gateway: the answer says when it may come again."""
    hosts_answer = Unavailable("newer_version", "not here", 5.0)
    await hosts.owner("conversation", "0", 0)
    hosts.node.host.submit = lambda item: item.answer(hosts_answer)  # type: ignore[method-assign]
    gateway.say(1)
    await gateway.all_answered(1)
    told = gateway.answers[1]
    assert isinstance(told, Unavailable) and ("newer_version", "not here", 5.0) == (told.code, told.title, told.retry_after_s)


async def test_a_silent_host_is_ended_and_replaced(hosts: Hosts) -> None:
    """It lives and says nothing, as after SIGSTOP: it might hold locks. What it was told last is said to its successor."""
    gateway = Gateway(hosts, ping_s=0.04, silence_s=0.2)
    gateway.say(0)
    await gateway.all_answered(1)
    hosts.node.stopped = True
    gateway.say(1)
    await gateway.all_answered(2)
    assert [1] == hosts.silenced
    assert ["0", "1"] == await gateway.texts()
    await gateway.link.close()


async def test_a_host_that_never_welcomes_is_ended_and_replaced(hosts: Hosts) -> None:
    gateway = Gateway(hosts, ping_s=0.04, silence_s=0.2)
    await hosts.owner("conversation", "0", 0)
    hosts.node.stopped = True
    gateway.say(0)
    await gateway.all_answered(1)
    assert ([1], 2) == (hosts.silenced, len(hosts.nodes))
    await gateway.link.close()


async def test_a_host_that_is_dead_before_it_was_reached_is_replaced(hosts: Hosts) -> None:
    """The locator still believes in it: whoever cannot reach it has to say so."""
    await hosts.owner("conversation", "0", 0)
    await hosts.node.kill()
    gateway = Gateway(hosts)
    gateway.say(0)
    await gateway.all_answered(1)
    assert 2 == len(hosts.nodes)
    await gateway.link.close()


async def test_an_idle_link_stays_up(hosts: Hosts) -> None:
    """Pings keep it alive, and tell what the host lacks."""
    gateway = Gateway(hosts, ping_s=0.02, silence_s=0.1)
    gateway.say(0)
    await gateway.all_answered(1)
    hosts.node.host.sick = "disk"
    await until(lambda: gateway.link.sick == "disk")
    await asyncio.sleep(0.3)
    assert ([], 1, True) == (hosts.silenced, len(hosts.nodes), gateway.link.up.is_set())
    await gateway.link.close()


async def test_events_of_a_followed_actor_come_down(gateway: Gateway) -> None:
    """Of that actor alone, from then on, as the bytes that were stored; whispers with seq 0."""
    gateway.say(0)
    gateway.say(1, actor=BOB)
    await gateway.all_answered(2)
    gateway.follow()
    await until(lambda: gateway.followed)
    gateway.say(2)
    gateway.say(3, actor=BOB)
    gateway.say(4, talk.act("typing:start", "ann"))
    await gateway.all_answered(5)
    stored = await gateway.journal.read(await gateway.journal.find(ANN) or 0, 2, 10)
    assert [(3, stored[0].body)] == [event for event in gateway.events if event[0]]
    assert 1 == sum(b"typing:start" in body for seq, body in gateway.events if seq == 0)


async def test_a_whole_app_may_be_followed(gateway: Gateway) -> None:
    gateway.follow(ActorId("conversation", ANN.app, "*"))
    await until(lambda: gateway.followed)
    gateway.say(0)
    gateway.say(1, actor=BOB)
    gateway.say(2, actor=talk.actor(app="other"))
    await gateway.all_answered(3)
    assert [1, 1, 2, 2] == sorted(seq for seq, _ in gateway.events)


async def test_what_is_not_followed_any_more_does_not_come(gateway: Gateway, hosts: Hosts) -> None:
    gateway.say(0)
    follow = gateway.follow()
    await until(lambda: gateway.followed)
    await gateway.all_answered(1)
    gateway.events.clear()
    gateway.link.unfollow(follow)
    gateway.say(1)
    await gateway.all_answered(2)
    assert ([], 0) == (gateway.events, len(hosts.node.host.followers))


async def test_a_follow_that_is_taken_back_at_once_is_not_left_at_the_host(gateway: Gateway, hosts: Hosts) -> None:
    gateway.say(0)
    await gateway.all_answered(1)
    gateway.link.unfollow(gateway.follow())
    gateway.say(1)
    await gateway.all_answered(2)
    assert 0 == len(hosts.node.host.followers)


async def test_the_newer_follow_of_an_actor_outlives_the_older(gateway: Gateway, hosts: Hosts) -> None:
    """The last reader left and another came: the two overlap for a moment."""
    gateway.say(0)
    await gateway.all_answered(1)
    first = gateway.follow()
    await until(lambda: len(gateway.followed) == 1)
    gateway.follow()
    await until(lambda: len(gateway.followed) == 2)
    gateway.link.unfollow(first)
    gateway.say(1)
    await gateway.all_answered(2)
    await until(lambda: gateway.events)


async def test_follows_move_to_the_successor(gateway: Gateway, hosts: Hosts) -> None:
    """And are told of as taken up, so that the gateway compares heads: what the dead host did not tell is found."""
    gateway.say(0)
    gateway.follow()
    await gateway.all_answered(1)
    await until(lambda: gateway.followed)
    await hosts.node.kill()
    await until(lambda: len(gateway.followed) == 2)
    gateway.events.clear()
    gateway.say(1)
    await gateway.all_answered(2)
    await until(lambda: gateway.events)
    assert [3] == [seq for seq, _ in gateway.events]


@pytest.mark.parametrize("hosts", ["unix", "tcp"], indirect=True)
async def test_a_link_that_ended_leaves_nothing_at_the_host(gateway: Gateway, hosts: Hosts) -> None:
    """By Ray's calls an end is noticed only when nobody has pulled for a minute."""
    gateway.say(0)
    gateway.follow()
    await until(lambda: gateway.followed)
    await gateway.link.close()
    await until(lambda: len(hosts.node.host.followers) == 0)


async def test_two_gateways_share_a_host(gateway: Gateway, hosts: Hosts) -> None:
    """Each gets its own answers, and the events of what it follows."""
    other = Gateway(hosts)
    gateway.follow()
    other.follow()
    await until(lambda: gateway.followed and other.followed)
    gateway.say(1)
    other.say(2)
    await gateway.all_answered(1)
    await other.all_answered(1)
    await until(lambda: len(gateway.events) == len(other.events) == 3)
    assert ([1], [2], gateway.events) == (list(gateway.answers), list(other.answers), other.events)
    await other.link.close()


async def test_the_same_command_through_two_gateways_is_done_once(gateway: Gateway, hosts: Hosts) -> None:
    """Also at the same moment."""
    other = Gateway(hosts)
    for key in range(20):
        gateway.say(key)
        other.say(key)
    await gateway.all_answered(20)
    await other.all_answered(20)
    assert [str(key) for key in range(20)] == await gateway.texts()
    assert seqs(gateway) == seqs(other)
    await other.link.close()


async def test_a_process_without_a_slot_takes_no_link(tmp_path: Path) -> None:
    """A standby's door is shut until it has claimed."""
    process = HostProcess(msgspec.msgpack.encode(HostConfig("", listen="ray")))
    ends: list[int] = []
    line = process._attach(lambda data: None, lambda: ends.append(1))
    line.received(frames.pack((frames.HELLO, TOKEN)))
    line.ended()
    assert [1] == ends


async def test_a_certificate_of_another_authority_is_not_trusted(tmp_path: Path) -> None:
    """Nor does one end speak TLS to another that does not."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
    certificate(theirs)
    hosts = Hosts(MemoryJournal(), "tls", ours)
    owner = await hosts.owner("conversation", "0", 0)
    for tls in (client_tls(str(theirs / "chain.pem")), None):
        with pytest.raises(OSError):
            await connect(owner.address, lambda send, end: pytest.fail("it must not get so far"), tls=tls)
    await hosts.close()
