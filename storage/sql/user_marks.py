"""What users are found by, written in the transactions of the directory. Of whom nothing is known there is nothing to write."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.engine import Connection

from domain.directory import User
from domain.finding import people
from storage.sql.tickets_tables import user_marks


def write(c: Connection, user: User) -> None:
    """The marks of a new user."""
    rows = [{"app_id": user.app_id, "kind": kind, "value": value, "id": user.id} for kind, value in sorted(people.of_user(user).marks)]
    if rows:
        c.execute(insert(user_marks), rows)


def rewrite(c: Connection, before: User, after: User) -> None:
    """The marks of a user who has changed."""
    if people.of_user(before).marks != people.of_user(after).marks:
        forget(c, before.app_id, before.id)
        write(c, after)


def forget(c: Connection, app_id: str, user_id: str) -> None:
    c.execute(delete(user_marks).where(user_marks.c.app_id == app_id, user_marks.c.id == user_id))
