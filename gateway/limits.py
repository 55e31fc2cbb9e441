"""Rates: token buckets by key, visitor and address. Sizes are elsewhere. Nothing here waits: full means a typed refusal."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from domain.errors import Unavailable
from gateway.cache import Clock

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Forwarding headers are read from the right for so many hops at most.
_MAX_HOPS = 16
_UNLIMITED_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})

#: The client's address, as the middleware found it.
ADDRESS = web.RequestKey("address", str)


class Buckets:
    """A token bucket for each name: `burst` at once, `rate_per_s` in the long run.

    At most `capacity` buckets are kept; the one that was used the longest time ago goes first, and is full by then as a rule.
    """

    def __init__(self, rate_per_s: float, burst: float, capacity: int = 50_000) -> None:
        self._rate, self._burst, self._capacity = rate_per_s, burst, capacity
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    @property
    def burst(self) -> int:
        """What may be taken at once."""
        return int(self._burst)

    def take(self, name: str, now_s: float, cost: float = 1.0) -> float:
        """0 when there was enough; otherwise after how many seconds there will be, and nothing was taken."""
        level, at_s = self._levels.pop(name, (self._burst, now_s))
        level = min(self._burst, level + max(0.0, now_s - at_s) * self._rate)
        enough = level >= cost
        self._levels[name] = (level - cost if enough else level, max(now_s, at_s))
        if len(self._levels) > self._capacity:
            self._levels.popitem(last=False)
        return 0.0 if enough else (cost - level) / self._rate

    def left(self, name: str, now_s: float) -> float:
        """What could be taken now."""
        level, at_s = self._levels.get(name, (self._burst, now_s))
        return min(self._burst, level + max(0.0, now_s - at_s) * self._rate)


class Limits:
    """The rates of one gateway process, and whose address a request has."""

    def __init__(self, enabled: bool = True, trusted_proxies: Sequence[str] = (), clock: Clock = time.monotonic) -> None:
        self.enabled, self._clock = enabled, clock
        self._trusted: tuple[Network, ...] = tuple(ipaddress.ip_network(one, strict=False) for one in trusted_proxies)
        self.keys = Buckets(rate_per_s=200, burst=400)
        self.addresses = Buckets(rate_per_s=200, burst=400)
        self.visitors = Buckets(rate_per_s=10, burst=60)
        self.logins = Buckets(rate_per_s=0.2, burst=20)
        """Attempts to prove who one is that failed, by address: guessing is slow."""

    def check(self, buckets: Buckets, name: str, cost: float = 1.0) -> None:
        """Take from a bucket. Raises Unavailable (`rate_limited`) when it is empty."""
        if not self.enabled:
            return
        retry_after_s = buckets.take(name, self._clock(), cost)
        if retry_after_s:
            raise Unavailable("rate_limited", "Too many requests", retry_after_s)

    def told(self, buckets: Buckets, name: str) -> dict[str, str]:
        """The headers by which `/api/v2` says how much is left of somebody's rate."""
        if not self.enabled:
            return {}
        left = str(int(buckets.left(name, self._clock())))
        most = str(buckets.burst)
        return {"X-Rate-Limit": most, "X-Rate-Limit-Remaining": left, "RateLimit-Limit": most, "RateLimit-Remaining": left}

    def address_of(self, request: web.Request) -> str:
        """The client's address. Forwarding headers count only from trusted proxies, and only as far as those wrote them."""
        peer = request.remote or ""
        if not self._trusted or not self._is_trusted(peer):
            return peer
        hops = [hop.strip() for header in request.headers.getall("X-Forwarded-For", ()) for hop in header.split(",")]
        for hop in reversed(hops[-_MAX_HOPS:]):
            found = _address(hop)
            if found is None:
                return peer
            peer = str(found)
            if not self._is_trusted(peer):
                return peer
        return peer

    def _is_trusted(self, address: str) -> bool:
        found = _address(address)
        return found is not None and any(found in network for network in self._trusted)


LIMITS = web.AppKey("limits", Limits)


@web.middleware
async def limits_middleware(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Notes the client's address as `request[ADDRESS]` and holds it to its rate, before anything else is looked at."""
    limits = request.app[LIMITS]
    address = request[ADDRESS] = limits.address_of(request)
    if request.path not in _UNLIMITED_PATHS:
        limits.check(limits.addresses, address)
    return await handler(request)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address as proxies write it: with or without a port, IPv6 with or without brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
