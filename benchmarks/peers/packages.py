"""Installs what a peer is made of, from Debian, npm or PyPI, into a folder of ours where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.services import Missing

INSTALL_S = 240


class Packages:
    """What is in the folder already is taken as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def npm(self, names: Sequence[str]) -> Path:
        """A folder whose `node_modules` has the packages."""
        place = self.folder / "npm"
        if not (place / "package.json").exists():
            npm = command("npm")
            place.mkdir(parents=True, exist_ok=True)
            _run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(place), *names])
        return place

    def venv(self, name: str, requirements: Sequence[str]) -> Path:
        """The Python of a virtual environment that has the packages."""
        place = self.folder / name
        python, done = place / "bin" / "python", place / "installed"
        if not done.exists():
            _run([sys.executable, "-m", "venv", str(place)])
            _run([str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *requirements])
            done.touch()
        return python

    def debian(self, names: Sequence[str], proof: Path) -> None:
        """Install on the machine itself, unless `proof` is there. Only root can."""
        if proof.exists():
            return
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise Missing(f"{names[0]} is not installed, and only root with apt-get could install it")
        _run(["apt-get", "install", "-y", "--no-install-recommends", *names], DEBIAN_FRONTEND="noninteractive")


def command(name: str) -> str:
    """The path of a program of this machine."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"{name} is not installed")
    return found


def versions_of(python: Path, names: Sequence[str]) -> dict[str, str]:
    """What is installed in an environment."""
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    answer = subprocess.run([str(python), "-c", code, *names], check=True, capture_output=True, text=True)
    return dict(zip(names, answer.stdout.split(), strict=True))


def _run(command: Sequence[str], **environment: str) -> None:
    complete: Mapping[str, str] = {**os.environ, **environment}
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_S, env=complete)
    except subprocess.CalledProcessError as error:
        raise Missing(f"{Path(command[0]).name} failed: {(error.stderr or error.stdout)[-300:].strip()}") from None
    except subprocess.TimeoutExpired:
        raise Missing(f"{Path(command[0]).name} took longer than {INSTALL_S} s") from None
