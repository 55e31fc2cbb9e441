"""Makes certificates for tests, by the openssl program."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for 127.0.0.1, and its key, as PEM files."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    chain, key = folder / "chain.pem", folder / "key.pem"
    subject = ["-subj", "/CN=causerie test", "-addext", "subjectAltName=IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    argv = ["openssl", "req", "-x509", *curve, "-days", "1", *subject, "-keyout", str(key), "-out", str(chain)]
    subprocess.run(argv, check=True, capture_output=True)
    return chain, key
