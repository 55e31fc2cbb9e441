"""Log lines as events with fields: for people on a terminal, as JSON otherwise."""

from __future__ import annotations

import contextlib
import logging
import sys
from typing import TextIO, cast

import structlog


class _Unfailing:
    """A stream whose lines are lost when they cannot be written: on a full disk nothing must fail for want of a line that says so."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def is_for_people(form: str) -> bool:
    """Whether log lines are written for people rather than programs."""
    return form == "console" or (form == "auto" and sys.stderr.isatty())


def configure(level: str, form: str) -> None:
    """Set structlog up for this process."""
    pretty = is_for_people(form)
    last: list[structlog.typing.Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # aiohttp writes a traceback for each malformed request, with what the stranger sent; failures of ours are logged by the gateway.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.dev.ConsoleRenderer()] if pretty else last),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Unfailing(sys.stderr))),
        cache_logger_on_first_use=False,
    )
