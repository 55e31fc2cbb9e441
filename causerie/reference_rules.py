"""Writes the pages of rules and of the desk's API: every condition, operator, action, placeholder and limit, from the tables in code."""

from __future__ import annotations

from collections.abc import Iterable

from domain.desk.actions import ACTIONS, MAX_ACTIONS, MAX_SUBJECT, MAX_TAG, MAX_TAGS, MAX_TEXT, Maker
from domain.desk.bodies import LIMITS, MAX_BODY, MAX_HOLIDAYS, MAX_INTERVALS, MAX_OPTIONS
from domain.desk.conditions import CHANGES, HOURS, MAX_CONDITIONS, MAX_HOURS, MAX_VALUE, MAX_WORDS, OPERATORS
from domain.desk.facts import EVERYWHERE, FIELDS, TIMED, TRIGGERS, Field
from domain.desk.patterns import MAX_PATTERN
from domain.desk.placeholders import MAX_RENDERED, PLACEHOLDERS
from domain.ticket.model import MAX_RUNG
from gateway.desk.routes import OPERATIONS
from gateway.zendesk.operations import PREFIX
from storage.sql.desk import MAX_LOG

_PLACES = {
    "trigger": "triggers",
    "automation": "automations",
    "view": "views",
    "sla": "service levels",
    "queue": "queues",
    "skill": "skills",
}
_KINDS = {
    "choice": "one of several words",
    "rank": "one of several words that have an order",
    "reference": "a group",
    "person": "a person",
    "words": "text",
    "tags": "tags",
    "number": "a number",
    "truth": "`true` or `false`",
    "date": "a day, as in `2026-01-31`",
    "hours": "whole hours",
}
_MEANINGS = {
    "is": "It is this. Of text: all of it, without regard to case. Of tags: these and no others.",
    "is_not": "The opposite.",
    "less_than": "Before it in the order; smaller; earlier.",
    "less_than_inclusive": "That, or the same.",
    "greater_than": "After it in the order; larger; later.",
    "greater_than_inclusive": "That, or the same.",
    "includes": "Any of these words, tags or values, separated by spaces.",
    "not_includes": "None of them.",
    "includes_string": "This text somewhere in it, without regard to case.",
    "not_includes_string": "Nowhere in it.",
    "matches": "The whole text is as this regular expression (RE2) says, without regard to case.",
    "not_matches": "It is not.",
    "present": "There is one.",
    "not_present": "There is none.",
}
_TIMES = {
    "is": "From so many hours to an hour more.",
    "less_than": "Up to so many hours.",
    "greater_than": "From so many hours on.",
}
_CHANGED = {
    "changed": "It is not what it was. What a new ticket has was nothing before.",
    "not_changed": "It is what it was.",
    "changed_to": "It has become this.",
    "not_changed_to": "It has not.",
    "changed_from": "It was this, and is not any more.",
    "not_changed_from": "That is not so.",
}
_MAKERS: dict[Maker, str] = {"trigger": "triggers", "automation": "automations", "macro": "macros"}
_NOUNS = {
    "group": "groups",
    "membership": "memberships",
    "agent": "agents of whom something is said",
    "field": "ticket fields",
    "macro": "macros",
    "view": "views",
    "trigger": "triggers",
    "trigger_category": "categories of triggers",
    "automation": "automations",
    "sla": "SLA policies",
    "schedule": "schedules",
    "attribute": "attributes of skills",
    "skill": "skills",
    "capacity": "capacity rules",
    "queue": "queues",
    "status": "statuses of agents",
    "settings": "settings",
    "webhook": "webhooks",
}


_ABOUT = """\
Triggers, automations, views, SLA policies, queues and skills ask the same questions of a ticket; triggers, automations and macros
do the same things to it. The names are those of Zendesk's API. What a rule may not say is refused when it is written, with the
path of the word. [How to set up your desk](../how-to/set-up-your-desk.md) has examples."""
_ABOUT_CONDITIONS = """\
All conditions of `all` must hold and, if there are any, one of `any`. A field of the app's own is `custom_fields_<number>`.
Fields with a mark under *changes* may also be asked by triggers whether they have just changed."""
_ABOUT_ACTIONS = """\
`custom_fields_<number>` sets a field of the app's own. Sending e-mail and calling webhooks is nothing that rules do yet: such
actions are refused."""
_ABOUT_PLACEHOLDERS = """\
`{{ticket.ticket_field_<number>}}` is the value of a field of the app's own, `{{ticket.ticket_field_option_title_<number>}}` the
name of its option. Rules know the requester's name where the ticket does; macros always do."""
_ABOUT_API = """\
What an app sets up for its agents, at `/api/v2`, in the forms of Zendesk's Support API: names, envelopes, paging by offset and by
cursor, errors. Each address may end in `.json`. Callers authenticate by `email/token:<secret of a key>`, by e-mail and password,
or by a key's id and secret; keys do what admins do. What is ours alone is under `/api/v2/desk`, and capacity rules. Lists of
rules take `active`, `query` (a part of the title) and, for triggers, `category_id`."""
_ABOUT_NEW_APPS = """\
A new app has a desk that works: one group, `Support`, with all agents; five conversations and twenty tickets at once for each;
the fields that every ticket has; no hours, no rules."""
_ABOUT_OURS = """\
Unlike Zendesk's: a time zone is a name of the IANA database; a schedule may name a `country` (and `region`), whose public
holidays close it; a trigger may name the `event` of messaging that it listens to; a skill may have `conditions`; an SLA policy
may name its `schedule_id`. [Rules](rules.md) has a page of its own."""


def rules() -> tuple[str, ...]:
    """The parts of the page of rules, after its title."""
    return (
        _ABOUT,
        "## When rules fire",
        _FIRING,
        "## Conditions",
        _ABOUT_CONDITIONS,
        table(("Field", "Kind", "Meaning", "Values", "Where", "Changes"), map(_field, FIELDS.values())),
        "### Operators",
        table(("Kind", "Operators"), ((_KINDS[kind], _codes(known)) for kind, known in OPERATORS.items())),
        table(("Operator", "Meaning"), ((f"`{name}`", words) for name, words in _MEANINGS.items())),
        "Of triggers, for fields that can change:",
        table(("Operator", "Also", "Meaning"), ((f"`{name}`", _other_names(name), words) for name, words in _CHANGED.items())),
        "Of automations, for hours. Each has a form that counts business hours, by the desk's first schedule: "
        + ", ".join(f"`{name}`" for name in HOURS if name.endswith("business_hours"))
        + ".",
        table(("Operator", "Meaning"), ((f"`{name}`", words) for name, words in _TIMES.items())),
        "## Actions",
        table(("Action", "What it does", "Who"), ((f"`{one.field}`", one.words, _whose(one.makers)) for one in ACTIONS.values())),
        _ABOUT_ACTIONS,
        "## Placeholders",
        "In `{{...}}`, in subjects, comments and messages. What is not known is empty. In HTML values are escaped.",
        table(("Placeholder", "Stands for"), ((f"`{{{{{name}}}}}`", words) for name, words in PLACEHOLDERS.items())),
        _ABOUT_PLACEHOLDERS,
        "## Service levels",
        _LEVELS,
        "## Limits",
        table(("What", "At most"), _limits()),
    )


_FIRING = """\
* **Triggers** are tried in the order of their positions when a ticket is made or changed. When one has fired, all that have not yet are
  tried again from the first, on the ticket as it is by then. So each fires once at most for one event, and no loop runs away.
* A trigger with an `event` listens to messaging instead: `conversation_requested` (agents get the conversation), `message_sent` (the word
  has changed sides), `queue_added`, `queue_assigned`.
* **Automations** wait on timers, to the second: no sweep looks for tickets. One fires once for each time that its clock was started, and
  not again before a person has touched the ticket, so that no two of them set each other off for ever. A ticket knows an automation that
  is younger than its last change as soon as it changes again.
* **Views, queues, skills and SLA policies** take the first that fits, by position.
* A rule that names what is not there any more (a group, a field) is left out, and the others go on."""

_LEVELS = """\
The first policy that fits is the ticket's; its targets are those of the ticket's priority, `normal` where it has none. Clocks count all
time, or business hours by the policy's schedule. What was missed runs on.

| Metric | Runs | Until |
| --- | --- | --- |
| `first_reply_time` | from the beginning | an agent's first public word |
| `next_reply_time` | since the customer's first unanswered word, after the first reply | an agent's public word |
| `periodic_update_time` | since an agent's last public word | the next one |
| `pausable_update_time` | as that, but not while pending | the next one |
| `requester_wait_time` | while new, open or on hold | solved |
| `agent_work_time` | while new or open | solved |
| `total_resolution_time` | from the beginning | solved |

The last three add up over pauses and reopenings. Solving ends them all."""


def desk_api() -> tuple[str, ...]:
    """The parts of the page of the operations, after its title."""
    rows = [(f"`{one.method}`", f"`{PREFIX}{one.path}`", "admins" if one.right == "admin" else "agents") for one in OPERATIONS]
    return (
        _ABOUT_API,
        _ABOUT_NEW_APPS,
        _ABOUT_OURS,
        table(("Method", "Path", "Who"), sorted(rows, key=lambda row: (row[1], row[0]))),
    )


def _field(one: Field) -> tuple[str, ...]:
    if one.places == EVERYWHERE:
        where = "everywhere"
    elif one.places in (TRIGGERS, TIMED):
        where = _PLACES[next(iter(one.places))]
    else:
        where = ", ".join(words for place, words in _PLACES.items() if place in one.places)
    return f"`{one.name}`", _KINDS[one.kind], one.words, _codes(one.values), where, "yes" if one.changes else ""


def _limits() -> Iterable[tuple[str, str]]:
    yield from ((f"{_NOUNS[kind].capitalize()} of an app", f"{limit:,}") for kind, limit in LIMITS.items())
    yield "Conditions of a rule", f"{MAX_CONDITIONS}"
    yield "Actions of a rule", f"{MAX_ACTIONS}"
    yield "A condition's value", f"{MAX_VALUE:,} characters, {MAX_WORDS} words"
    yield "A regular expression", f"{MAX_PATTERN} characters"
    yield "Hours of an automation", f"{MAX_HOURS:,}"
    yield "Text of an action", f"{MAX_TEXT:,} characters; {MAX_RENDERED:,} with its placeholders' values"
    yield "A subject", f"{MAX_SUBJECT} characters"
    yield "Tags of an action", f"{MAX_TAGS}, each of {MAX_TAG} characters"
    yield "Options of a field", f"{MAX_OPTIONS:,}"
    yield "Intervals of a schedule; holidays", f"{MAX_INTERVALS}; {MAX_HOLIDAYS}"
    yield "One thing, as it is kept", f"{MAX_BODY:,} bytes"
    yield "Automations that a ticket remembers to have fired", f"{MAX_RUNG}"
    yield "Changes that the audit log remembers", f"{MAX_LOG:,}"


def _other_names(name: str) -> str:
    return _codes(tuple(other for other, meaning in CHANGES.items() if meaning == name and other != name))


def _whose(makers: frozenset[Maker]) -> str:
    return ", ".join(words for maker, words in _MAKERS.items() if maker in makers)


def _codes(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = [columns, tuple("---" for _ in columns), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
