"""The pages' style sheet and script, under names that tell their content. The script is built from web/; without it, nothing suggests."""

from __future__ import annotations

import gzip
from hashlib import blake2b
from pathlib import Path

from aiohttp import web

from gateway.pages.built_files import File, answer

FOLDER = Path(__file__).parent / "files"
SCRIPT = "help.js"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Files:
    """Few, small, and read once."""

    def __init__(self, script: bytes | None) -> None:
        self._files: dict[str, File] = {}
        self.names: dict[str, str] = {}
        """From a file's own name to the one under which browsers know it: `help.css` to `help-1a2b.css`."""
        for path in sorted(FOLDER.iterdir()):
            self._add(path.name, path.read_bytes())
        if script is not None:
            self._add(SCRIPT, script)

    async def serve(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return answer(request, found, {"Cross-Origin-Resource-Policy": "same-origin"})

    def _add(self, name: str, content: bytes) -> None:
        digest = blake2b(content, digest_size=6).hexdigest()
        stem, _, ending = name.rpartition(".")
        known = self.names[name] = f"{stem}-{digest}.{ending}"
        packed = {"gzip": gzip.compress(content, 9, mtime=0)}
        self._files[known] = File(_TYPES["." + ending], f'"{digest}"', _FOREVER, content, packed)
