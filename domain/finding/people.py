"""Users and accounts as searches know them. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from domain.directory import Account, User
from domain.finding.filters import Known, text_of, word_marks

#: Seconds of an id's first eight digits, see `domain.ids`.
_SECONDS = 8


def of_user(user: User) -> Known:
    """An end user."""
    addresses = {one.value for one in user.identities if one.type == "email"} | {user.profile.email or ""}
    known = _known(user.id, user.display_name() or "", addresses - {""}, "end-user", user.external_id)
    about = user.about
    marks = {("tag", tag) for tag in about.tags} | word_marks(about.notes or "", about.details or "", about.alias or "")
    if about.phone:
        marks.add(("phone", digits_of(about.phone)))
    return replace(known, marks=known.marks | marks)


def of_account(account: Account) -> Known:
    """An agent or an admin."""
    return _known(account.id, account.display_name, {account.email}, account.role, None)


def digits_of(phone: str) -> str:
    """A phone number as it is found, however it was written."""
    return "".join(one for one in phone if one.isdigit())


def made_ms(identifier: str) -> int:
    """When the row of this id was made."""
    return int(identifier[:_SECONDS], 16) * 1000


def _known(identifier: str, name: str, addresses: set[str], role: str, external_id: str | None) -> Known:
    words = word_marks(name, *sorted(addresses))
    facts = {"id": identifier, "role": role, "external_id": external_id, "created_ms": made_ms(identifier)}
    marks = words | {("email", one.lower()) for one in addresses}
    if name:
        marks.add(("text", text_of(name)))
    return Known(facts, frozenset(marks), text_of(name))
