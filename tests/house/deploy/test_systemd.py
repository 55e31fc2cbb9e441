"""The unit file is one that systemd takes whole, and holds what Ray and an orderly end need."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[3] / "deploy" / "systemd" / "causerie.service"


@pytest.fixture
def unit() -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=True, interpolation=None, comment_prefixes=("#",))
    parsed.optionxform = str  # type: ignore[assignment, method-assign]
    parsed.read_string(FILE.read_text())
    return parsed


def complaints(text: str, folder: Path) -> str:
    """What systemd says of a unit file. The program is one that every machine has."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    file = folder / "causerie.service"
    file.write_text(text.replace("/srv/causerie/checkout/.venv/bin/causerie", sys.executable))
    told = subprocess.run(["systemd-analyze", "verify", "--man=no", file], capture_output=True, text=True, check=False)
    return "\n".join(line for line in told.stderr.splitlines() if "causerie" in line)


def test_systemd_has_nothing_to_say_against_it(tmp_path: Path) -> None:
    assert "" == complaints(FILE.read_text(), tmp_path)


def test_systemd_would_object_to_a_misspelt_line(tmp_path: Path) -> None:
    assert "KilMode" in complaints(FILE.read_text().replace("KillMode", "KilMode"), tmp_path)


def test_its_sections_are_those_of_a_service(unit: configparser.ConfigParser) -> None:
    assert ["Unit", "Service", "Install"] == unit.sections()


def test_only_the_main_process_is_told_to_end(unit: configparser.ConfigParser) -> None:
    """It drains the hosts and ends Ray by itself; told to all at once, hosts would be gone before they have drained."""
    service = unit["Service"]
    assert ("mixed", "always", "continue") == (service["KillMode"], service["Restart"], service["OOMPolicy"])


def test_what_ray_needs_is_not_taken_away(unit: configparser.ConfigParser) -> None:
    """It reads all of /proc, speaks over sockets on loopback, and asks the kernel for its network interfaces."""
    service = unit["Service"]
    assert {"ProcSubset", "MemoryDenyWriteExecute", "PrivateNetwork", "IPAddressDeny"} & set(service) == set()
    assert {"AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK"} <= set(service["RestrictAddressFamilies"].split())
    assert int(service["LimitNOFILE"]) >= 65536 and int(service["TasksMax"]) >= 8192


def test_its_data_are_its_own(unit: configparser.ConfigParser) -> None:
    service = unit["Service"]
    assert service["ExecStart"].endswith(f"serve --data /var/lib/{service['StateDirectory']}")
    assert ("0077", "0700", "causerie") == (service["UMask"], service["StateDirectoryMode"], service["User"])
