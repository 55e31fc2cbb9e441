"""Timers are found by their instants, and all other effects by themselves: a host reads those that are due soon, and not all there are.

Programs before it read timers and all else in one, for which no index is left: it takes them longer to begin.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
compatible_from = "0005"

TIMERS, OTHERS = sa.text("target = 'timer'"), sa.text("target <> 'timer'")


def upgrade() -> None:
    op.drop_index("ix_effects_kind_shard", "effects")
    op.create_index("ix_effects_kind_shard", "effects", ["kind", "shard"], sqlite_where=OTHERS, postgresql_where=OTHERS)
    op.create_index("ix_effects_kind_due_ms", "effects", ["kind", "due_ms", "id", "shard"], sqlite_where=TIMERS, postgresql_where=TIMERS)


def downgrade() -> None:
    op.drop_index("ix_effects_kind_due_ms", "effects")
    op.drop_index("ix_effects_kind_shard", "effects")
    op.create_index("ix_effects_kind_shard", "effects", ["kind", "shard"])
