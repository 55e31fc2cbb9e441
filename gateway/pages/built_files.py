"""The files that the build of web/ has made, read once and held: few, small, and asked for by every browser.

Names of assets hold a hash of their content, so browsers keep those for ever; the others are asked about again, by their tag.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path

import msgspec
import structlog
from aiohttp import hdrs, web

log = structlog.get_logger(__name__)

FOLDER = Path(__file__).parent / "built"
ASSETS = "assets/"
MAX_BYTES = 64 << 20
BUILD = "make web"

#: The forms in which a file may lie there beside itself, best first: what a browser says that it reads, and how the name ends.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".ts": "text/plain", ".css": "text/css", ".html": "text/html"}


class File(msgspec.Struct, frozen=True):
    """One file in each of its forms; `plain` is the one that everybody reads."""

    content_type: str
    tag: str
    cache_control: str
    plain: bytes
    packed: dict[str, bytes]


class Built:
    """All files, by their paths below the folder."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files

    def __bool__(self) -> bool:
        return bool(self._files)

    def get(self, path: str) -> File | None:
        return self._files.get(path)

    def paths(self) -> list[str]:
        return sorted(self._files)


def read(folder: Path = FOLDER) -> Built:
    """What the folder holds. Nothing, said once in the log, when the pages were not built: all else works without them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in ENCODINGS.values())
    if not paths:
        log.warning("pages_not_built", folder=str(folder), build=BUILD)
    files = {path.relative_to(folder).as_posix(): _file(folder, path) for path in paths}
    total = sum(len(file.plain) for file in files.values())
    if total > MAX_BYTES:
        raise ValueError(f"{folder} holds {total} bytes: more than {MAX_BYTES}, which is no build of ours")
    return Built(files)


def _file(folder: Path, path: Path) -> File:
    plain = path.read_bytes()
    forms = {encoding: path.with_name(path.name + suffix) for encoding, suffix in ENCODINGS.items()}
    packed = {encoding: form.read_bytes() for encoding, form in forms.items() if form.is_file()}
    hashed = path.relative_to(folder).as_posix().startswith(ASSETS)
    tag = f'"{blake2b(plain, digest_size=12).hexdigest()}"'
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return File(kind, tag, _FOREVER if hashed else _ASK_AGAIN, plain, packed)


def answer(request: web.Request, file: File, headers: Mapping[str, str]) -> web.Response:
    """The file in the best form that the browser reads; 304 when it has it."""
    told = {hdrs.CACHE_CONTROL: file.cache_control, hdrs.ETAG: file.tag, hdrs.VARY: hdrs.ACCEPT_ENCODING, **headers}
    told["X-Content-Type-Options"] = "nosniff"
    if file.tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=told)
    body, encoding = file.plain, _encoding(request.headers.get(hdrs.ACCEPT_ENCODING, ""), file)
    if encoding is not None:
        body, told[hdrs.CONTENT_ENCODING] = file.packed[encoding], encoding
    charset = "utf-8" if file.content_type.startswith("text/") else None
    return web.Response(body=body, headers=told, content_type=file.content_type, charset=charset)


def _encoding(accepted: str, file: File) -> str | None:
    """The best form that is there and wanted. A form with `q=0` is not."""
    wanted = {name.strip().lower(): options.replace(" ", "") for name, _, options in (one.partition(";") for one in accepted.split(","))}
    return next((one for one in file.packed if one in wanted and wanted[one] not in ("q=0", "q=0.0")), None)
