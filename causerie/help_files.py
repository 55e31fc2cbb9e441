"""Reads what `causerie help import` is given: a folder of articles, one article, or an answer of Zendesk's API. Writes nothing."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import msgspec

from domain.errors import Invalid
from domain.help.sources import MAX_FILE_BYTES, SUFFIXES, Source, from_file, from_zendesk

SAMPLES = Path(__file__).parent / "samples" / "help_centre"
"""A help centre of an invented shop, in English and French: for a first look, and to judge the search by."""

MAX_EXPORT_BYTES = 500_000_000


class Read(msgspec.Struct):
    """What was read, and in a sentence each what could not be."""

    sources: list[Source] = []
    problems: list[str] = []


def sources_in(path: Path, locale: str) -> Read:
    """The articles of a folder or a file. `locale` is for those that do not say. Raises `OSError`, and Invalid for an odd file."""
    if path.is_dir():
        return _folder(path, locale)
    if path.suffix == ".json":
        return _export(path, locale)
    if path.suffix not in SUFFIXES:
        raise Invalid("", f"{path.name} is no folder, no JSON and none of {', '.join(sorted(SUFFIXES))}")
    found = Read()
    _read(found, path, PurePosixPath(path.name), locale)
    return found


def _folder(folder: Path, locale: str) -> Read:
    """Hidden files and what lies in hidden folders are left out, and so are files of other kinds."""
    found = Read()
    for path in sorted(folder.rglob("*")):
        inside = PurePosixPath(path.relative_to(folder).as_posix())
        if path.suffix in SUFFIXES and path.is_file() and not any(part.startswith(".") for part in inside.parts):
            _read(found, path, inside, locale)
    return found


def _read(found: Read, path: Path, inside: PurePosixPath, locale: str) -> None:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise Invalid("", f"has more than {MAX_FILE_BYTES} bytes")
        found.sources.append(from_file(inside, path.read_text("utf-8-sig"), locale))
    except UnicodeDecodeError:
        found.problems.append(f"{inside}: is not text in UTF-8")
    except Invalid as error:
        found.problems.append(f"{inside}: {error.title}")


def _export(path: Path, locale: str) -> Read:
    if path.stat().st_size > MAX_EXPORT_BYTES:
        raise Invalid("", f"{path.name} has more than {MAX_EXPORT_BYTES} bytes")
    try:
        document = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("", f"{path.name} is not JSON in UTF-8") from None
    return Read(from_zendesk(document, locale))
