"""Traces go from the gateway's link through the host's turn to the commit, on every carrier, and tell nothing of what was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler

from actors import tracing
from actors.answers import Answer
from actors.link import Outcome, SlotLink
from domain.conversation import commands as cmd
from domain.errors import Refused, Unavailable
from storage.memory import MemoryJournal
from tests import conversations as talk
from tests.hosts import FaultyJournal, Hosts

ANN = talk.actor("a" * 24)


@pytest.fixture(params=["unix", "ray"])
async def hosts(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Hosts]:
    made = Hosts(FaultyJournal(MemoryJournal()), request.param, tmp_path)  # type: ignore[arg-type]
    yield made
    await made.close()


@pytest.fixture
async def link(hosts: Hosts) -> AsyncIterator[SlotLink]:
    made = SlotLink("conversation", "0", hosts, hosts.connect, lambda follows: None)
    yield made
    await made.close()


def spans_of(monkeypatch: pytest.MonkeyPatch, sampler: Sampler) -> InMemorySpanExporter:
    """Both ends of the link are in this process, and trace into one place."""
    provider, exporter = TracerProvider(sampler), InMemorySpanExporter()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "active", tracing.Tracing(provider))
    return exporter


async def say(link: SlotLink, key: int, command: cmd.Command | None = None) -> Outcome:
    answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    command = command or talk.post("ann", f"the text of {key}", create=talk.create("ann"))
    link.say(ANN, key, 0, False, cmd.encode(command), answered.set_result, 10.0)
    return await asyncio.wait_for(answered, 10)


def named(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    """The finished spans of one command, by name; each is there once."""
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert len(spans) == len(exporter.get_finished_spans())
    return spans


async def test_a_command_is_one_trace_from_the_link_to_the_commit(link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = spans_of(monkeypatch, ALWAYS_ON)
    answer = await say(link, 1)
    assert isinstance(answer, Answer)
    spans = named(exporter)
    assert {"say", "turn", "commit"} == set(spans)
    said, turn, commit = (spans[name] for name in ("say", "turn", "commit"))
    assert 1 == len({span.get_span_context().trace_id for span in spans.values()})
    assert (None, said.get_span_context().span_id, turn.get_span_context().span_id) == (
        said.parent,
        turn.parent and turn.parent.span_id,
        commit.parent and commit.parent.span_id,
    )
    assert {"causerie.seq": answer.seq, "causerie.actor": ANN.id}.items() <= dict(said.attributes or {}).items()
    assert {"causerie.batch.commands": 1, "causerie.batch.events": 2} == dict(commit.attributes or {})


async def test_a_commit_lies_within_the_turn_that_waited_for_it(link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = spans_of(monkeypatch, ALWAYS_ON)
    await say(link, 1)
    said, turn, commit = (named(exporter)[name] for name in ("say", "turn", "commit"))
    times = [span_time for span in (said, turn, commit) for span_time in (span.start_time, span.end_time)]
    assert None not in times
    s0, s1, t0, t1, c0, c1 = (time or 0 for time in times)
    assert s0 <= t0 <= c0 <= c1 <= t1 <= s1


async def test_a_refusal_is_told_by_its_code_and_has_no_commit(link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    await say(link, 1)
    exporter = spans_of(monkeypatch, ALWAYS_ON)
    assert isinstance(await say(link, 2, talk.post("bob", "let me in")), Refused)
    spans = named(exporter)
    assert {"say": "forbidden", "turn": "forbidden"} == {name: (span.attributes or {})["error.type"] for name, span in spans.items()}


async def test_spans_hold_no_text(link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = spans_of(monkeypatch, ALWAYS_ON)
    await say(link, 1)
    assert "the text" not in "".join(span.to_json() for span in exporter.get_finished_spans())


async def test_a_command_that_is_not_sampled_leaves_no_span_and_no_bytes(
    hosts: Hosts, link: SlotLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(link, 1)
    plain = max(map(len, hosts.node.received))
    exporter = spans_of(monkeypatch, ALWAYS_OFF)
    await say(link, 2)
    assert ((), plain) == (exporter.get_finished_spans(), max(map(len, hosts.node.received)))


async def test_a_commit_that_had_to_be_repeated_is_shown_once(hosts: Hosts, link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn is long, and ends with the answer."""
    await say(link, 1)
    hosts.journal.fail("before", Unavailable("unavailable", "the database is away", 0.01))  # type: ignore[attr-defined]
    exporter = spans_of(monkeypatch, ALWAYS_ON)
    assert isinstance(await say(link, 2), Answer)
    assert {"say", "turn", "commit"} == set(named(exporter))


async def test_a_host_that_does_not_trace_answers_traced_commands(link: SlotLink, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends need not agree: what comes along in the frame is left alone."""
    spans_of(monkeypatch, ALWAYS_ON)
    monkeypatch.setattr(tracing.Tracing, "arrived", lambda *_: None)
    assert isinstance(await say(link, 1), Answer)
