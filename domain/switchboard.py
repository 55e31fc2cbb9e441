"""Who may answer a customer: the members of an app's switchboard, as commands carry them to a conversation.

A snapshot, taken by whoever sends the command; `domain.switchboard_rows` makes it from the directory's rows. Source: API contract,
tags Switchboards, Switchboard Integrations, Switchboard Actions.
"""

from __future__ import annotations

from typing import Literal

import msgspec

ResponderKind = Literal["bot", "agent", "program"]
#: When control goes back to the first member by itself: with the status `solved` (or `closed`), with `closed` alone, or never.
HandBack = Literal["solved", "closed", "never"]

BOT_TYPE = "zd:answerBot"
AGENTS_TYPE = "zd:agentWorkspace"


class Member(msgspec.Struct, frozen=True, array_like=True):
    """One switchboard integration. `kind` follows from its type: `zd:answerBot` is our bot, `zd:agentWorkspace` the agents.

    `next_id` is the member to which control is passed by `next`. `history` is how many messages go with the control (1 to 10),
    `patience_s` how long a program may be silent before the next member takes its place (None: for ever).
    """

    id: str
    name: str
    kind: ResponderKind
    integration_id: str | None = None
    integration_type: str | None = None
    next_id: str | None = None
    history: int | None = None
    patience_s: int | None = None


class BotStart(msgspec.Struct, frozen=True, array_like=True):
    """With what the bot begins, if it is the bot's turn: the release that is live, and what is known of the person.

    `release` names an immutable set of flow versions. `profile` holds what flows may show: `name`, `email`, `externalId`.
    """

    release: int
    locale: str | None = None
    channel: str = "web"
    integration_id: str | None = None
    profile: dict[str, str] = {}


class Switchboard(msgspec.Struct, frozen=True, array_like=True):
    """An enabled switchboard. `first` is the id of the member that control goes to when nobody has it.

    `hand_back` and `idle_s` (None: however long) are the app's policy for giving control back to `first`. Of a session: after
    `session_idle_s` without a word of the customer it is inactive, and only where it `reopens` may they write when it was ended.
    """

    first: str
    members: tuple[Member, ...]
    bot: BotStart | None = None
    hand_back: HandBack = "solved"
    idle_s: int | None = None
    session_idle_s: int = 600
    reopens: bool = True

    def member(self, identifier: str | None) -> Member | None:
        """The member with this id."""
        for one in self.members:
            if one.id == identifier:
                return one
        return None

    def member_of(self, integration_id: str | None) -> Member | None:
        """The member that an integration is."""
        return None if integration_id is None else next((one for one in self.members if one.integration_id == integration_id), None)

    def agents(self) -> Member | None:
        """The member that the people are."""
        return next((one for one in self.members if one.kind == "agent"), None)


def kind_of(integration_type: str | None) -> ResponderKind:
    """What answers behind a member of this type: whoever is not ours is a program."""
    return "bot" if integration_type == BOT_TYPE else "agent" if integration_type == AGENTS_TYPE else "program"
