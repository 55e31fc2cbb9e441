"""A flow as data: a graph of steps with named exits. What it may hold is in the types; what it must be to work, `checks` says.

A draft may be unfinished: exits that lead nowhere and texts that are missing are read, and are problems that `checks` names.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from domain.bot.condition import Condition, Scalar, VariableType
from domain.bot.example import Dialogue
from domain.bot.names import MAX_TEXT, Id, Language, Text, VariableName, Words
from domain.decode import ImageUrl, check_opaque, decode

MAX_FLOW_BYTES = 512 * 1024
MAX_STEPS = 200
MAX_VARIABLES = 100
MAX_PHRASES = 100
MAX_DIALOGUES = 50
MAX_OPTIONS = 10
MAX_ARTICLES = 6
MAX_PANELS = 10
MAX_FIELDS = 20
MAX_CHOICES = 200
MAX_CASES = 20
MAX_EXITS = 24
MAX_TAGS = 20
MAX_CALL_HEADERS = 20
MAX_CALL_TIMEOUT_S = 30
MAX_CALL_RETRIES = 5
MAX_WAIT_S = 30 * 86_400
MAX_PATIENCE_S = 7 * 86_400
MAX_LOOP = 100

Name = Annotated[str, Meta(min_length=1, max_length=128)]
#: Words with placeholders that are in no language: addresses, headers, queries.
Template = Annotated[str, Meta(max_length=MAX_TEXT)]
Address = Annotated[str, Meta(min_length=1, max_length=2048, pattern=r"^https?://[^\s\"<>\\]+$(?!\n)")]
HeaderName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$(?!\n)", max_length=128)]
JsonPath = Annotated[str, Meta(pattern=r"^\$(\.[A-Za-z_][A-Za-z0-9_-]*|\[[0-9]{1,4}\])*$(?!\n)", max_length=256)]
FieldId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]+$(?!\n)", max_length=64)]
Phrases = dict[Language, Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=256)], ...], Meta(max_length=MAX_PHRASES)]]
Profile = Literal["givenName", "surname", "email"]


class _Part(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    pass


class Variable(_Part, frozen=True, omit_defaults=True):
    """A value that the flow's steps set and use. Variables belong to the whole run: a linked flow sees those of its own names."""

    name: VariableName
    type: VariableType = "text"
    default: Scalar | None = None


class Step(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """`exits` maps the name of each way out to the id of the next step; `position` is where a builder draws the step."""

    id: Id
    exits: Annotated[dict[Id, Id], Meta(max_length=MAX_EXITS)] = {}
    position: tuple[float, float] | None = None


class Asking(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type"):
    """A step that waits for the customer. After `patience_s` of silence it goes on by `silent`, if it has that exit."""

    patience_s: Annotated[int, Meta(ge=1, le=MAX_PATIENCE_S)] | None = None


class Message(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="message"):
    """Says something. Exit: `next`."""

    text: Text
    image: ImageUrl | None = None


class Option(_Part, frozen=True, omit_defaults=True):
    """One quick reply; `name` is its exit."""

    name: Id
    label: Text


class Options(Asking, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="options"):
    """Offers quick replies and understands their words. Exits: each option's name; `other` for words that fit none; `silent`."""

    text: Text
    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=MAX_OPTIONS)]
    variable: VariableName | None = None


class Link(_Part, frozen=True, omit_defaults=True):
    """A button that opens an address."""

    text: Text
    url: Address


class FixedArticle(_Part, frozen=True, omit_defaults=True):
    """An article that the author chose."""

    title: Text
    url: Address
    description: Text = {}


class Articles(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="articles"):
    """Shows the articles given, or those found for `query`. Exits: `next`, and `none` when nothing was found."""

    text: Text
    articles: Annotated[tuple[FixedArticle, ...], Meta(max_length=MAX_ARTICLES)] = ()
    query: Template = "{{said}}"
    limit: Annotated[int, Meta(ge=1, le=MAX_ARTICLES)] = 3
    labels: Annotated[tuple[Name, ...], Meta(max_length=10)] = ()


class Panel(_Part, frozen=True, omit_defaults=True):
    """One card of a carousel."""

    title: Text
    links: Annotated[tuple[Link, ...], Meta(min_length=1, max_length=3)]
    description: Text = {}
    image: ImageUrl | None = None


class Carousel(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="carousel"):
    """Shows cards with links. Exit: `next`."""

    panels: Annotated[tuple[Panel, ...], Meta(min_length=1, max_length=MAX_PANELS)]
    text: Text = {}


class Choice(_Part, frozen=True, omit_defaults=True):
    """One choice of a field."""

    name: Name
    label: Text


class Field(_Part, frozen=True, omit_defaults=True):
    """One thing to ask for, and what the answer fills: a variable, a ticket field, a field of the person's profile."""

    name: Id
    label: Text
    kind: Literal["text", "email", "integer", "decimal", "select"] = "text"
    placeholder: Text = {}
    choices: Annotated[tuple[Choice, ...], Meta(max_length=MAX_CHOICES)] = ()
    min_size: Annotated[int, Meta(ge=1, le=256)] = 1
    max_size: Annotated[int, Meta(ge=1, le=256)] = 128
    variable: VariableName | None = None
    ticket_field: FieldId | None = None
    profile: Profile | None = None


class Details(Asking, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="details"):
    """Asks for details: by a form where the channel shows forms, one question after the other elsewhere.

    Exits: `next`; `failed` when an answer was of no use `tries` times; `silent`.
    """

    text: Text
    fields: Annotated[tuple[Field, ...], Meta(min_length=1, max_length=MAX_FIELDS)]
    tries: Annotated[int, Meta(ge=1, le=10)] = 3


class AskResolved(Asking, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="ask_resolved"):
    """Asks whether that was of help. Exits: `yes`, `no`, `silent`."""

    text: Text
    yes: Text = {}
    no: Text = {}


class Call(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="call"):
    """Calls an API. Secrets (`{{secret.NAME}}`) go into headers and body, never into the address. Exits: `ok`, `failed`.

    `body` is JSON whose texts may hold placeholders; a text that is one placeholder and nothing else takes the variable's type.
    """

    url: Address
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: Annotated[dict[HeaderName, Template], Meta(max_length=MAX_CALL_HEADERS)] = {}
    body: dict[str, Any] | list[Any] | None = None
    results: Annotated[dict[VariableName, JsonPath], Meta(max_length=20)] = {}
    timeout_s: Annotated[float, Meta(gt=0, le=MAX_CALL_TIMEOUT_S)] = 10.0
    retries: Annotated[int, Meta(ge=0, le=MAX_CALL_RETRIES)] = 2


class Transfer(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="transfer"):
    """Hands over, with what was learned. With a `schedule`, says `text_closed` outside of it, or goes by `closed` if it has that exit."""

    text: Text = {}
    text_closed: Text = {}
    schedule: Name | None = None
    tags: Annotated[tuple[Annotated[str, Meta(pattern=r"^[^\s,]+$(?!\n)", max_length=64)], ...], Meta(max_length=MAX_TAGS)] = ()
    fields: Annotated[dict[FieldId, Template], Meta(max_length=20)] = {}


class Case(_Part, frozen=True, omit_defaults=True):
    """One branch; `name` is its exit."""

    name: Id
    when: Condition


class Branch(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="branch"):
    """Goes by the first case that holds. Exits: each case's name, and `else`."""

    cases: Annotated[tuple[Case, ...], Meta(min_length=1, max_length=MAX_CASES)]


class BusinessHours(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="business_hours"):
    """Goes by the clock of a schedule of the release's settings. Exits: `open`, `closed`."""

    schedule: Name


class LinkTo(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="link"):
    """Goes on with another flow and does not come back."""

    flow: Id


class Set(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="set"):
    """Gives a variable a value; a text may hold placeholders, null takes the value away. Exit: `next`."""

    variable: VariableName
    value: Words | int | float | bool | None


class Wait(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="wait"):
    """Waits, also through restarts. Exits: `next`, and `spoke` if the customer writes first."""

    seconds: Annotated[int, Meta(ge=1, le=MAX_WAIT_S)]


class Loop(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="loop"):
    """Counts how often it is entered. Exits: `again` up to `max` times while the condition holds, then `done`."""

    max: Annotated[int, Meta(ge=1, le=MAX_LOOP)]
    while_: Condition | None = msgspec.field(default=None, name="while")


class Subflow(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="subflow"):
    """Calls another flow, which comes back by its `end`. Exit: `next`."""

    flow: Id


class Satisfaction(Asking, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="satisfaction"):
    """Asks for a rating of 1 to 5 and, with `comment`, for a comment. Exits: `next`, `silent`."""

    text: Text
    comment: Text = {}
    variable: VariableName | None = None
    comment_variable: VariableName | None = None


class Answer(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="answer"):
    """Shows the passage of the help centre that answers, with its sources, if the release allows answers. Exits: `answered`, `none`."""

    query: Template = "{{said}}"
    labels: Annotated[tuple[Name, ...], Meta(max_length=10)] = ()


class Solve(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="solve"):
    """Solves the conversation and ends the run."""

    text: Text = {}


class End(Step, frozen=True, omit_defaults=True, kw_only=True, tag_field="type", tag="end"):
    """Returns to the flow that called this one, or else ends the run; the bot keeps control and listens."""


AnyStep = (
    Message
    | Options
    | Articles
    | Carousel
    | Details
    | AskResolved
    | Call
    | Transfer
    | Branch
    | BusinessHours
    | LinkTo
    | Set
    | Wait
    | Loop
    | Subflow
    | Satisfaction
    | Answer
    | Solve
    | End
)


class Flow(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """One flow. `phrases` and `keywords` are by which free text finds it, in each language."""

    id: Id
    name: Name
    language: Language
    languages: Annotated[tuple[Language, ...], Meta(max_length=20)] = ()
    phrases: Phrases = {}
    keywords: Phrases = {}
    variables: Annotated[tuple[Variable, ...], Meta(max_length=MAX_VARIABLES)] = ()
    start: Id
    steps: Annotated[tuple[AnyStep, ...], Meta(min_length=1, max_length=MAX_STEPS)]
    dialogues: Annotated[tuple[Dialogue, ...], Meta(max_length=MAX_DIALOGUES)] = ()


_decoder = msgspec.json.Decoder(Flow)
encode_flow = msgspec.json.Encoder().encode

#: A flow's own words for its kinds of steps, in the order in which they are told.
KINDS: dict[str, type[Step]] = {str(kind.__struct_config__.tag): kind for kind in AnyStep.__args__}


def parse_flow(raw: bytes, prefix: str = "flow") -> Flow:
    """The flow of JSON from outside. Raises Invalid, with a path that begins with `prefix`."""
    flow = decode(_decoder, raw, prefix)
    for i, step in enumerate(flow.steps):
        if isinstance(step, Call):
            check_opaque({"body": step.body}, f"{prefix}.steps[{i}]")
    return flow


def json_schema() -> dict[str, Any]:
    """The published JSON Schema (2020-12) of a flow."""
    schema = msgspec.json.schema(Flow)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A flow of Causerie's bot", **schema}


def kind_of(step: Step) -> str:
    """The step's type as the flow's JSON has it."""
    return str(step.__struct_config__.tag)
