"""Which addresses may be called: the public internet, and the networks that the operator has named. Pure; never resolves a name.

Sources: the IANA registries of special-purpose addresses for IPv4 and IPv6, and the addresses at which clouds tell machines their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from domain.errors import Refused

Address = IPv4Address | IPv6Address

_INWARD_V4 = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by its number, and yet what a cloud tells its machines
        "169.254.0.0/16",  # the link, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast
    )
)

_GLOBAL_V6 = IPv6Network("2000::/3")
_INWARD_V6 = tuple(
    ip_network(one)
    for one in (
        "2001::/23",  # protocols, Teredo among them, which wraps an IPv4 address
        "2001:db8::/32",
        "2002::/16",  # 6to4, which wraps one too
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


class Reach:
    """What may be reached. `allow` are networks that may be, though they lie inward; `http`: also without TLS."""

    def __init__(self, allow: Sequence[str] = (), http: bool = False) -> None:
        self._allow = tuple(ip_network(one, strict=False) for one in allow)
        self.http = http

    def check(self, address: str) -> None:
        """Raises Refused (`forbidden_address`). The address is not told: names of inner machines are nobody's business."""
        if not self.permits(address):
            raise Refused("forbidden_address", "The address is not one that may be called")

    def permits(self, address: str) -> bool:
        """What is no address in its one usual form (`127.1`, `fe80::1%eth0`) is not permitted."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.scope_id is not None:
            return False
        meant = _unwrapped(found)
        return self._is_allowed(found) or self._is_allowed(meant) or _is_public(meant)

    def _is_allowed(self, address: Address) -> bool:
        return any(address in network for network in self._allow)


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that the packets go to, where an IPv6 address only wraps one."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INWARD_V4)
    return address in _GLOBAL_V6 and not any(address in network for network in _INWARD_V6)
