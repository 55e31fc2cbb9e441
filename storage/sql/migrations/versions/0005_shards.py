"""65,536 shards instead of 1,024, so that thousands of slots have each a share. The shard of each actor and effect is computed anew.

Only the program that shares actors out by the new number may work on it: another would look for them in other slots.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
compatible_from = "0005"

BATCH = 1_000

actors = sa.table("actors", sa.column("key"), sa.column("app_id"), sa.column("id"), sa.column("shard"))
effects = sa.table("effects", sa.column("id"), sa.column("app_id"), sa.column("actor_id"), sa.column("shard"))


def upgrade() -> None:
    _rewrite(lambda app, identifier: crc32(f"{app}/{identifier}".encode()) % 65_536)


def downgrade() -> None:
    _rewrite(lambda app, identifier: crc32(f"{app}/{identifier}".encode()) % 1_024)


def _rewrite(shard_of: Callable[[str, str], int]) -> None:
    for table, key, name in ((actors, actors.c.key, actors.c.id), (effects, effects.c.id, effects.c.actor_id)):
        _rewrite_table(table, key, name, shard_of)


def _rewrite_table(table: sa.TableClause, key: Any, name: Any, shard_of: Callable[[str, str], int]) -> None:
    """In batches, by the primary key: a table of any size takes the memory of one."""
    connection = op.get_bind()
    batch = sa.select(key, table.c.app_id, name).where(key > sa.bindparam("after", type_=sa.BigInteger)).order_by(key).limit(BATCH)
    change = sa.update(table).where(key == sa.bindparam("of", type_=sa.BigInteger)).values(shard=sa.bindparam("to", type_=sa.Integer))
    after = -(2**63)
    while rows := connection.execute(batch, {"after": after}).all():
        connection.execute(change, [{"of": row[0], "to": shard_of(row[1], row[2])} for row in rows])
        after = rows[-1][0]
