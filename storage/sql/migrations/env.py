"""Alembic's entry: runs the migrations on the connection that `storage.sql.migrate` gives it, in its transaction."""

from alembic import context

from storage.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True, compare_type=True)
context.run_migrations()
