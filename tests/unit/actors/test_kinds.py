"""The table of kinds: what it names is there, and each kind can be hosted and served."""

from __future__ import annotations

import importlib

import msgspec
import pytest

from actors.cluster_config import ClusterConfig
from actors.host_process import HostConfig
from actors.kinds import KINDS
from causerie.kinds import served, without_hosts
from causerie.settings import Settings


def named(entry: str) -> object:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_kind_is_made_of_is_there(kind: str) -> None:
    entry = KINDS[kind]
    assert callable(named(entry.make)) and (entry.perform is None or callable(named(entry.perform)))


def test_every_kind_is_served() -> None:
    assert set(KINDS) == set(served(Settings()))


def test_conversations_start_first_and_alone_are_waited_for() -> None:
    kinds = served(Settings())
    assert "conversation" == next(iter(kinds)) and ["conversation"] == [kind for kind, how in kinds.items() if how.essential]


def test_slots_are_as_many_as_hosts_and_at_least_one() -> None:
    """A server without hosts may be the first to start."""
    wanted = [served(Settings(conversation_hosts=hosts))["conversation"].wanted_slots for hosts in (0, 1, 3)]
    assert [1, 1, 3] == wanted
    assert 8 == served(Settings(conversation_hosts=3, conversation_slots=8))["conversation"].wanted_slots


def test_a_gateway_beside_others_brings_no_host() -> None:
    assert {(0, 0)} == {(how.hosts.count, how.hosts.standbys) for how in served(without_hosts(Settings())).values()}


def test_a_host_process_is_told_the_table() -> None:
    """It crosses to another process."""
    config = ClusterConfig(HostConfig("sqlite:///x"))
    assert KINDS == msgspec.msgpack.decode(msgspec.msgpack.encode(config.host), type=HostConfig).kinds
