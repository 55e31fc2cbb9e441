"""What operators, and hosts, ask of the servers: names of orders, which lie beside the slot table until they are taken back. Each has a
number, as a rule the instant of the order. Never asks for a slot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

REBALANCE = "rebalance"
"""Even slots out at once. Its instant says which time it was asked for."""

_DRAIN = "drain "


def drain(name: str) -> str:
    """The order that a server, or a host, gives its slots up, and takes none while others can."""
    return _DRAIN + name


def drained_of(orders: Mapping[str, int]) -> frozenset[str]:
    """The servers and hosts that are drained."""
    return frozenset(order.removeprefix(_DRAIN) for order in orders if order.startswith(_DRAIN))


_SCALE = "scale "


def scale(server: str, kind: str) -> str:
    """The order that a server brings so many hosts of a kind, those in reserve not counted. Its number says how many."""
    return f"{_SCALE}{server} {kind}"


_OPEN = "open "


def open_slot(kind: str, slot: str) -> str:
    """The order of a host that has something to say to an actor of a slot that nobody owns: a server is to see to it."""
    return f"{_OPEN}{kind} {slot}"


def to_open(orders: Mapping[str, int]) -> list[tuple[str, str]]:
    """The slots, as (kind, slot), that hosts wait for."""
    parts = (order.removeprefix(_OPEN).partition(" ") for order in orders if order.startswith(_OPEN))
    return [(kind, slot) for kind, _, slot in parts]


def is_drained(host: str, drained: Collection[str]) -> bool:
    """Whether the host is, or its whole server."""
    return host in drained or server_of(host) in drained


def host_name(label: str, server: str, mark: str) -> str:
    """The name of a host's Ray actor, which says whose it is. `mark` tells it from others: names are not free at once after a kill."""
    return f"{label}@{server}#{mark}"


def of_server(asked: Iterable[str], server: str) -> list[str]:
    """The orders that name a server or one of its hosts."""
    drains = [_DRAIN + name for name in drained_of(dict.fromkeys(asked, 0)) if server in (name, server_of(name))]
    return drains + [order for order in asked if order.startswith(f"{_SCALE}{server} ")]


def server_of(host: str) -> str:
    """The server that has started a host; empty where its name does not say."""
    return host.rpartition("@")[2].partition("#")[0] if "@" in host else ""
