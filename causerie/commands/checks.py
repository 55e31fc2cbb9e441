"""The questions that `causerie doctor` asks, one function each. They change nothing, but for a file of a moment in the data folder."""

from __future__ import annotations

import http.client
import importlib.metadata
import os
import platform
import resource
import shutil
import socket
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from causerie import settings as of_settings
from causerie.commands import offline
from causerie.settings import Settings
from domain.errors import Unavailable
from storage.open import open_feed
from storage.sql.database import open_database
from storage.sql.migrate import schema

Status = Literal["ok", "warning", "missing"]

FSYNCS = 20
SLOW_FSYNC_MS = 20.0
FEW_FILES, MANY_FILES = 1_024, 20_000
NO_SPACE, LITTLE_SPACE = 100 << 20, 2 << 30
WAIT_S = 3.0


class Check(NamedTuple):
    """One answer. `warning` works, but not as it should; `missing` stands between Causerie and its work."""

    name: str
    status: Status
    detail: str


async def every(settings: Settings, environment: Mapping[str, str]) -> list[Check]:
    """All checks, in the order in which a start needs the things."""
    found = [python(), ray(), *variables(environment), open_files(), *data_folder(settings.data)]
    found.append(await database(settings))
    if settings.redis_url is not None:
        found.append(await feed(settings.redis_url))
    if settings.ray_address is not None:
        found.append(cluster(settings.ray_address, environment))
    if settings.tls_certificate is not None:
        found.append(tls(settings.tls_certificate, settings.tls_key))
    found.append(port(settings))
    return found


async def hindrance(settings: Settings) -> str | None:
    """What a start cannot do without, and is missing: said in a sentence before anything is started. The port is tried by listening."""
    needed = [next(data_folder(settings.data)), await database(settings)]
    if settings.tls_certificate is not None:
        needed.append(tls(settings.tls_certificate, settings.tls_key))
    return next((f"{check.name}: {check.detail}" for check in needed if check.status == "missing"), None)


def python() -> Check:
    fits = sys.version_info >= (3, 11)
    return Check("Python", "ok" if fits else "missing", platform.python_version() + ("" if fits else ": 3.11 or later is needed"))


def ray() -> Check:
    try:
        return Check("Ray", "ok", importlib.metadata.version("ray"))
    except importlib.metadata.PackageNotFoundError:
        return Check("Ray", "missing", "not installed: `make install`")


def variables(environment: Mapping[str, str]) -> Iterator[Check]:
    for name in of_settings.unknown(environment):
        yield Check("Environment", "warning", f"{name} is no setting: is it misspelt?")


def open_files() -> Check:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= MANY_FILES:
        return Check("Open files", "ok", "unlimited" if soft == resource.RLIM_INFINITY else str(soft))
    status: Status = "warning" if soft >= FEW_FILES else "missing"
    return Check("Open files", status, f"{soft}: each socket takes one; `ulimit -n 65536` allows as many as Causerie does")


def data_folder(data: Path) -> Iterator[Check]:
    """Whether it can be written, its free space, and how quick it is."""
    there = nearest(data)
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        yield Check("Data folder", "missing", f"{there} cannot be written")
        return
    yield Check("Data folder", "ok", str(data.absolute()) + ("" if there == data.absolute() else ": not there yet, the start makes it"))
    free = shutil.disk_usage(there).free
    yield Check("Free space", "missing" if free < NO_SPACE else "warning" if free < LITTLE_SPACE else "ok", f"{free / (1 << 30):.1f} GiB")
    try:
        median_ms = fsync_ms(there)
    except OSError as error:
        yield Check("fsync", "missing", error.strerror or str(error))
    else:
        note = f"{median_ms:.2f} ms (median of {FSYNCS})" + (": each commit waits for one" if median_ms > SLOW_FSYNC_MS else "")
        yield Check("fsync", "warning" if median_ms > SLOW_FSYNC_MS else "ok", note)


def nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    path = folder.absolute()
    while not path.exists() and path != path.parent:
        path = path.parent
    return path


def fsync_ms(folder: Path) -> float:
    """The median time to append a page to a file and have it on the disk, as a commit does."""
    taken = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(FSYNCS):
            begun = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


async def database(settings: Settings) -> Check:
    """Whether it answers, and the revision of its schema. A database file is not made by looking."""
    file = offline.database_file(settings)
    if file is not None and not file.is_file():
        return Check("Database", "ok", f"{file}: not there yet, the start makes it")
    shown = of_settings.without_password(settings.journal_url)
    opened = open_database(settings.journal_url, application_name="causerie-doctor", pool_size=1, patience_s=WAIT_S)
    try:
        found = await opened.read(schema)
    except Unavailable:
        return Check("Database", "missing", f"{shown} does not answer")
    finally:
        await opened.close()
    if found.is_newer:
        note = f"schema {found.revision}, of a later version; this one ({found.newest}) may work on it"
        return Check("Database", "missing" if found.problem else "warning", f"{shown}: {found.problem or note}")
    if found.revision != found.newest:
        return Check("Database", "ok", f"{shown}: schema {found.revision or 'not made yet'}, the start brings it to {found.newest}")
    return Check("Database", "ok", f"{shown}: schema {found.revision}")


async def feed(url: str) -> Check:
    shown, opened = of_settings.without_password(url), open_feed(url)
    try:
        await opened.read("doctor", "", 1, 0)
    except Unavailable:
        return Check("Redis", "missing", f"{shown} does not answer")
    finally:
        await opened.close()
    return Check("Redis", "ok", shown)


def cluster(address: str, environment: Mapping[str, str]) -> Check:
    """Whether somebody listens at Ray's address. What is behind it only Ray's own client can tell."""
    if address == "auto":
        return Check("Ray cluster", "ok", "Ray looks for it on this machine at the start")
    host, _, number = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(number)), WAIT_S).close()
    except (OSError, ValueError):
        return Check("Ray cluster", "missing", f"{address} cannot be reached")
    if "RAY_AUTH_TOKEN" not in environment and not (Path.home() / ".ray" / "auth_token").is_file():
        return Check(
            "Ray cluster", "warning", f"{address} listens; there is no token (~/.ray/auth_token), which a guarded cluster asks for"
        )
    return Check("Ray cluster", "ok", f"{address} listens")


def tls(certificate: Path, key: Path | None) -> Check:
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        return Check("TLS", "missing", f"{certificate} and its key do not fit or are no PEM ({error.reason or 'unreadable'})")
    except OSError as error:
        return Check("TLS", "missing", f"{error.filename or certificate}: {error.strerror}")
    return Check("TLS", "ok", str(certificate))


def port(settings: Settings) -> Check:
    """Free to listen on, or taken: by a Causerie, whose `/readyz` then speaks, or by somebody else."""
    where = f"{settings.host}:{settings.port}"
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - recognised, not listened on
    try:
        socket.create_connection((here, settings.port), WAIT_S).close()
    except OSError:
        return _free(settings.host, settings.port)
    answer = _readyz(here, settings.port, settings.tls_certificate is not None)
    if answer is None:
        return Check("Port", "missing", f"{where} is taken by something that is no Causerie")
    status, text = answer
    return Check("Port", "ok" if status == 200 else "missing", f"a server answers at {where}: {text}")


def _free(host: str, number: int) -> Check:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, number))
        except OSError as error:
            return Check("Port", "missing", f"{host}:{number}: {error.strerror or error}")
    return Check("Port", "ok", f"{host}:{number} is free")


def _readyz(host: str, number: int, secure: bool) -> tuple[int, str] | None:
    """(status, body) of `/readyz`; None when what answers is not ours."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the question is whether it answers, not who signed it
    connection: http.client.HTTPConnection
    if secure:
        connection = http.client.HTTPSConnection(host, number, timeout=WAIT_S, context=context)
    else:
        connection = http.client.HTTPConnection(host, number, timeout=WAIT_S)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        text = response.read(4096).decode(errors="replace")
        return (response.status, text) if response.status in (200, 503) and '"status"' in text else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
