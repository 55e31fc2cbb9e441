"""A `Database` on a PostgreSQL server, through asyncpg. Retries a transaction only when it certainly did not commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeVar

import asyncpg
from sqlalchemy import URL
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.sql.errors import translated

T = TypeVar("T")

#: A holder of locks that was paused or cut off must not hold up the others for long (design.md, Owners).
_SERVER_SETTINGS = {"idle_in_transaction_session_timeout": "3000", "lock_timeout": "3000", "jit": "off"}


class PostgresDatabase:
    """`work` may run twice: once more on a new connection if the first broke before COMMIT was sent."""

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, url: URL, application_name: str, pool_size: int = 5, command_timeout_s: float = 10.0) -> None:
        self._engine = create_async_engine(
            url.set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=3,
            pool_use_lifo=True,
            hide_parameters=True,
            connect_args={
                "timeout": 3,
                "command_timeout": command_timeout_s,
                "server_settings": {**_SERVER_SETTINGS, "application_name": application_name},
            },
        )
        # One statement needs no BEGIN and no COMMIT: it is one round trip in place of three. A read is one as a rule.
        self._statements = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    async def write(self, work: Callable[[Connection], T], *, inline: bool = False, single: bool = False) -> T:
        """`inline` changes nothing here: the work already runs in the loop."""
        with translated():
            if single:  # never twice: if the connection breaks, the statement may have taken effect
                async with self._statements.connect() as connection:
                    return await _run(connection, work)
            try:
                return await self._transact(work)
            except _BrokenBeforeCommit:
                return await self._transact(work)

    async def read(self, work: Callable[[Connection], T], *, inline: bool = False) -> T:
        """Each statement sees what is committed when it starts."""
        with translated():
            try:
                return await self._read_once(work)
            except _BrokenBeforeCommit:
                return await self._read_once(work)

    async def close(self) -> None:
        await self._engine.dispose()

    async def _transact(self, work: Callable[[Connection], T]) -> T:
        async with self._engine.connect() as connection:
            result = await _run(connection, work)
            await connection.commit()
            return result

    async def _read_once(self, work: Callable[[Connection], T]) -> T:
        async with self._statements.connect() as connection:
            return await _run(connection, work)


class _BrokenBeforeCommit(DBAPIError):
    """The connection was dead or died under the work, so that nothing of it was committed."""


async def _run(connection: AsyncConnection, work: Callable[[Connection], T]) -> T:
    try:
        return await connection.run_sync(work)
    except DBAPIError as error:
        if error.connection_invalidated:
            assert error.orig is not None
            raise _BrokenBeforeCommit(None, None, error.orig, connection_invalidated=True) from None
        raise
    except asyncpg.InternalClientError as error:
        # asyncpg has read that the server ended the session, but not yet that the socket is closed: nothing was sent.
        await connection.invalidate()
        raise _BrokenBeforeCommit(None, None, error, connection_invalidated=True) from None
    except TimeoutError:
        await connection.invalidate()  # the server was silent: what state the connection is in nobody knows
        raise
