"""The newest actors of an app are found by an index: without it all of the app's are looked through."""

from alembic import op

revision = "0017"
down_revision = "0016"
compatible_from = "0005"


def upgrade() -> None:
    op.create_index("ix_actors_kind_app_id_key", "actors", ["kind", "app_id", "key"])


def downgrade() -> None:
    op.drop_index("ix_actors_kind_app_id_key", "actors")
