"""What lies inward is never reached, in whatever form its address is written."""

from __future__ import annotations

import pytest

from domain.errors import Refused
from gateway.outward.addresses import Reach

PUBLIC = ("93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1")
INWARD = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1.1.1.1",
    "2001:0:7f00:1::1",
    "2002:7f00:1::1",
    "2001:db8::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "fe80::1%eth0",
    "2606:4700::1%1",
)
NONE = ("", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.1.1.1 ", "1.1.1")


def test_the_public_internet_may_be_reached() -> None:
    assert [] == [address for address in PUBLIC if not Reach().permits(address)]


def test_what_lies_inward_or_is_no_address_may_not() -> None:
    assert [] == [address for address in (*INWARD, *NONE) if Reach().permits(address)]


def test_the_refusal_does_not_tell_the_address() -> None:
    with pytest.raises(Refused) as caught:
        Reach().check("10.1.2.3")
    assert ("forbidden_address", False) == (caught.value.code, "10.1.2.3" in caught.value.title)


def test_a_network_that_the_operator_names_may_be_reached_and_no_other() -> None:
    reach = Reach(("10.0.0.0/8", "fd00::/8"))
    expected = {"10.1.2.3": True, "::ffff:10.1.2.3": True, "fd00::1": True, "127.0.0.1": False, "fe80::1": False}
    assert expected == {address: reach.permits(address) for address in expected}
