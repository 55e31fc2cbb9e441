"""Rows, not actors: apps, keys, users, integrations, accounts, sessions, and the rules that hold for one of them alone.

Uniqueness is the business of the tables' indexes. Nothing here reads a clock, draws an id or does I/O. The limits are those
of the API contract (schemas `app`, `appSettings`, `appKey`, `user`, `profile`).
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from domain.decode import Email, ImageUrl
from domain.errors import Invalid, Refused
from domain.integrations import ChannelSettings, Settings
from domain.metadata import Metadata
from domain.switchboard import HandBack

MAX_KEYS_PER_APP = 10
MAX_KEYS_PER_INTEGRATION = 10
MAX_DISPLAY_NAME = 100

Scope = Literal["account", "app", "integration"]
Role = Literal["admin", "agent"]
SessionKind = Literal["visitor", "agent", "program"]

DisplayName = Annotated[str, Meta(min_length=1, max_length=MAX_DISPLAY_NAME)]
ExternalId = Annotated[str, Meta(min_length=1, max_length=1024)]
BrandId = Annotated[str, Meta(min_length=1, max_length=24)]
PersonName = Annotated[str, Meta(min_length=1, max_length=128)]
IdleSeconds = Annotated[int, Meta(ge=1, le=10**8)]
Locale = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*\Z")]

#: What each kind of key begins with; 24 hexadecimal digits follow.
KEY_PREFIX: dict[Scope, str] = {"account": "act_", "app": "app_", "integration": "int_"}

Row = TypeVar("Row", bound=msgspec.Struct)


class _Value(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    pass


class AppSettings(msgspec.Struct, frozen=True, rename="camel"):
    """What an app may choose. Four are ours: `message_limit`, the greatest number of messages in a conversation (None: no limit);
    `hand_back` and `hand_back_idle_seconds`, when control of a conversation goes back to the switchboard's first member; and
    `session_idle_seconds`, after how long a silence of the customer's their session is inactive."""

    conversation_retention_seconds: Annotated[int, Meta(ge=0, le=10**10)] = 0
    mask_credit_card_numbers: bool = True
    use_animal_names: bool = False
    echo_postback: bool = False
    ignore_auto_conversation_start: bool = False
    multi_convo_enabled: bool = True
    app_localization_enabled: bool = True
    end_session_enabled: bool = False
    disable_conversation_reopen: bool = False
    message_limit: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    hand_back: HandBack = "solved"
    hand_back_idle_seconds: IdleSeconds | None = None
    session_idle_seconds: IdleSeconds = 600


class SettingsPatch(msgspec.Struct, frozen=True, rename="camel"):
    """Settings as a request names them: what is absent stays."""

    conversation_retention_seconds: Annotated[int, Meta(ge=0, le=10**10)] | UnsetType = UNSET
    mask_credit_card_numbers: bool | UnsetType = UNSET
    use_animal_names: bool | UnsetType = UNSET
    echo_postback: bool | UnsetType = UNSET
    ignore_auto_conversation_start: bool | UnsetType = UNSET
    multi_convo_enabled: bool | UnsetType = UNSET
    app_localization_enabled: bool | UnsetType = UNSET
    end_session_enabled: bool | UnsetType = UNSET
    disable_conversation_reopen: bool | UnsetType = UNSET
    message_limit: Annotated[int, Meta(ge=1, le=10**9)] | UnsetType | None = UNSET
    hand_back: HandBack | UnsetType = UNSET
    hand_back_idle_seconds: IdleSeconds | UnsetType | None = UNSET
    session_idle_seconds: IdleSeconds | UnsetType = UNSET


class App(msgspec.Struct, frozen=True):
    """A tenant."""

    id: str
    display_name: str
    settings: AppSettings = AppSettings()
    metadata: Metadata = {}


class ApiKey(msgspec.Struct, frozen=True):
    """A key of the API. The secret is kept as it is, since it signs JWTs by HMAC and may be read again."""

    id: str
    secret: str
    display_name: str
    scope: Scope
    app_id: str | None = None
    integration_id: str | None = None

    def __repr__(self) -> str:
        return f"ApiKey({self.id!r})"


class Profile(_Value, frozen=True):
    """Who a user says that they are."""

    given_name: PersonName | None = None
    surname: PersonName | None = None
    email: Email | None = None
    avatar_url: ImageUrl | None = None
    locale: Locale | None = None


class ProfilePatch(msgspec.Struct, frozen=True, rename="camel"):
    """A profile as a request names it: what is absent stays, null clears."""

    given_name: PersonName | UnsetType | None = UNSET
    surname: PersonName | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    avatar_url: ImageUrl | UnsetType | None = UNSET
    locale: Locale | UnsetType | None = UNSET


class Identity(_Value, frozen=True):
    """A connected identity, such as an e-mail address, with how it was verified."""

    type: str
    value: str
    verification: str | None = None


class About(_Value, frozen=True):
    """What agents keep of a person, beside what the person says."""

    tags: tuple[str, ...] = ()
    notes: str | None = None
    details: str | None = None
    phone: str | None = None
    alias: str | None = None


class User(msgspec.Struct, frozen=True):
    """A person of an app. The row is born with the id of the default conversation, which comes into being by its first message."""

    app_id: str
    id: str
    default_conversation_id: str
    external_id: str | None = None
    profile: Profile = Profile()
    metadata: Metadata = {}
    authenticated: bool = False
    signed_up_ms: int | None = None
    to_be_retained: bool = False
    zendesk_id: str | None = None
    brand_id: str | None = None
    identities: tuple[Identity, ...] = ()
    suspended: bool = False
    about: About = About()

    def display_name(self) -> str | None:
        """The name that stands beside the user's messages, if anything is known."""
        parts = [part for part in (self.profile.given_name, self.profile.surname) if part]
        return " ".join(parts) or None


class Integration(msgspec.Struct, frozen=True):
    """A channel of an app, or a program. `settings` are those of its type."""

    app_id: str
    id: str
    type: str
    status: Literal["inactive", "active", "error"] = "active"
    display_name: str | None = None
    settings: Settings = ChannelSettings()

    @property
    def default_responder_id(self) -> str | None:
        """The switchboard's member that comes first here, if it is another than elsewhere."""
        return self.settings.default_responder_id if isinstance(self.settings, ChannelSettings) else None


class Account(msgspec.Struct, frozen=True):
    """An agent or an admin. Without `app_id` they serve every app of the installation. `email` is lower case."""

    id: str
    email: str
    password_hash: str
    role: Role
    display_name: str
    app_id: str | None = None
    avatar_url: str | None = None
    suspended: bool = False

    def __repr__(self) -> str:
        return f"Account({self.id!r}, {self.role!r})"


class Session(msgspec.Struct, frozen=True):
    """A token's rights. Only the token's keyed hash is kept.

    The subject is `user_id` (with `integration_id`) for a visitor, `account_id` for an agent, `key_id` for a program.
    """

    token_hash: bytes
    kind: SessionKind
    created_ms: int
    expires_ms: int
    app_id: str | None = None
    user_id: str | None = None
    account_id: str | None = None
    key_id: str | None = None
    integration_id: str | None = None
    rights: tuple[str, ...] = ()
    revoked: bool = False

    def is_valid(self, now_ms: int) -> bool:
        return not self.revoked and now_ms < self.expires_ms


class Reply(msgspec.Struct, frozen=True):
    """The stored answer to a request with an `Idempotency-Key`; `digest` is of the request's body."""

    digest: bytes
    status: int
    body: bytes


def patched(row: Row, patch: msgspec.Struct) -> Row:
    """`row` with those fields of `patch` that are set."""
    given = {name: getattr(patch, name) for name in patch.__struct_fields__}
    return replace(row, **{name: value for name, value in given.items() if value is not UNSET})


def changed_settings(old: AppSettings, patch: SettingsPatch) -> AppSettings:
    """The settings after a PATCH. Raises Invalid: switching several conversations off again, or wanting what needs them."""
    new = patched(old, patch)
    if old.multi_convo_enabled and not new.multi_convo_enabled:
        raise Invalid("settings.multiConvoEnabled", "cannot be disabled again")
    return check_settings(new)


def check_settings(new: AppSettings) -> AppSettings:
    """Raises Invalid when a setting needs several conversations and they are off."""
    if not new.multi_convo_enabled:
        for name, wanted in (
            ("endSessionEnabled", new.end_session_enabled),
            ("disableConversationReopen", new.disable_conversation_reopen),
        ):
            if wanted:
                raise Invalid(f"settings.{name}", "requires multiConvoEnabled")
    return new


def check_key_count(count: int, scope: Scope = "app") -> None:
    """Whether an app, or an integration, with `count` keys may have one more."""
    if scope == "integration" and count >= MAX_KEYS_PER_INTEGRATION:
        raise Refused("bad_request", f"An integration has at most {MAX_KEYS_PER_INTEGRATION} keys")
    if scope == "app" and count >= MAX_KEYS_PER_APP:
        raise Refused("bad_request", f"An app has at most {MAX_KEYS_PER_APP} keys")


def without_personal_information(user: User) -> User:
    """The user after erasure: the ids stay, so that the history stays whole; the person goes."""
    return replace(user, profile=Profile(), metadata={}, identities=(), about=About())


_ANIMALS = (
    *("Badger", "Beaver", "Bison", "Camel", "Cat", "Crane", "Deer", "Dolphin", "Eagle", "Falcon", "Finch", "Fox", "Gazelle", "Gecko"),
    *("Giraffe", "Hare", "Hedgehog", "Heron", "Horse", "Ibex", "Jaguar", "Koala", "Lemur", "Lion", "Llama", "Lynx", "Marmot", "Otter"),
    *("Owl", "Panda", "Penguin", "Puffin", "Rabbit", "Raven", "Robin", "Salmon", "Seal", "Sparrow", "Squirrel", "Stork", "Swan"),
    *("Tiger", "Toucan", "Turtle", "Walrus", "Whale", "Wolf", "Zebra"),
)


def friendly_name(user: User, animals: bool = False) -> str:
    """The user's name; for one who has told none, always the same one of no meaning (an animal, if the app likes)."""
    known = user.display_name()
    if known is not None:
        return known
    return _ANIMALS[int(user.id[-8:], 16) % len(_ANIMALS)] if animals else f"Visitor {user.id[-4:]}"
