"""What each kind of step is made of: its exits, its texts, its templates, the variables it sets. One form for each kind.

Whoever asks something of all steps (the checks, the reference) asks here, and need not know the kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from domain.bot import flow as fl
from domain.bot.condition import Condition, VariableType
from domain.bot.flow import Step
from domain.bot.names import Text
from domain.by_type import ByType

#: Where a template stands: only in headers and body may it name a secret, only words stand in a customer's sight.
Use = Literal["words", "url", "header", "body"]


class Exits(msgspec.Struct, frozen=True):
    """The exits that a step must have, and those that it may have."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


class Wording(msgspec.Struct, frozen=True):
    """A text of a step, at its path. `limit`: how long it may be at most, in characters."""

    path: str
    text: Text
    required: bool = True
    limit: int = 4096


@ByType
def exits_of(step: Step) -> Exits:
    """The names of a step's ways out."""
    return Exits(("next",))


def all_exits_of(step: Step) -> Exits:
    """With the exit for silence, which a step that waits for the customer has if its patience ends."""
    exits: Exits = exits_of(step)
    if isinstance(step, fl.Asking) and step.patience_s is not None:
        return Exits((*exits.required, "silent"), exits.optional)
    return exits


@exits_of.register
def _(step: fl.Options) -> Exits:
    return Exits(tuple(one.name for one in step.options), ("other",))


@exits_of.register
def _(step: fl.Articles) -> Exits:
    return Exits(("next",), ("none",)) if step.articles else Exits(("next", "none"))


@exits_of.register
def _(step: fl.Details) -> Exits:
    return Exits(("next",), ("failed",))


@exits_of.register
def _(step: fl.AskResolved) -> Exits:
    return Exits(("yes", "no"))


@exits_of.register
def _(step: fl.Call) -> Exits:
    return Exits(("ok", "failed"))


@exits_of.register
def _(step: fl.Transfer) -> Exits:
    return Exits((), ("closed",) if step.schedule is not None else ())


@exits_of.register
def _(step: fl.Branch) -> Exits:
    return Exits((*(case.name for case in step.cases), "else"))


@exits_of.register
def _(step: fl.BusinessHours) -> Exits:
    return Exits(("open", "closed"))


@exits_of.register
def _(step: fl.LinkTo | fl.Solve | fl.End) -> Exits:
    return Exits()


@exits_of.register
def _(step: fl.Wait) -> Exits:
    return Exits(("next",), ("spoke",))


@exits_of.register
def _(step: fl.Loop) -> Exits:
    return Exits(("again", "done"))


@exits_of.register
def _(step: fl.Answer) -> Exits:
    return Exits(("answered", "none"))


@ByType
def texts_of(step: Step) -> Iterator[Wording]:
    """Everything that a step says, in all languages."""
    yield from ()


@texts_of.register
def _(step: fl.Message) -> Iterator[Wording]:
    yield Wording("text", step.text, required=step.image is None)


@texts_of.register
def _(step: fl.Options) -> Iterator[Wording]:
    yield Wording("text", step.text)
    for i, one in enumerate(step.options):
        yield Wording(f"options[{i}].label", one.label, limit=128)


@texts_of.register
def _(step: fl.Articles) -> Iterator[Wording]:
    yield Wording("text", step.text, required=False)
    for i, one in enumerate(step.articles):
        yield Wording(f"articles[{i}].title", one.title, limit=128)
        yield Wording(f"articles[{i}].description", one.description, required=False, limit=128)


@texts_of.register
def _(step: fl.Carousel) -> Iterator[Wording]:
    yield Wording("text", step.text, required=False)
    for i, panel in enumerate(step.panels):
        yield Wording(f"panels[{i}].title", panel.title, limit=128)
        yield Wording(f"panels[{i}].description", panel.description, required=False, limit=128)
        for j, link in enumerate(panel.links):
            yield Wording(f"panels[{i}].links[{j}].text", link.text, limit=128)


@texts_of.register
def _(step: fl.Details) -> Iterator[Wording]:
    yield Wording("text", step.text)
    for i, field in enumerate(step.fields):
        yield Wording(f"fields[{i}].label", field.label, limit=128)
        yield Wording(f"fields[{i}].placeholder", field.placeholder, required=False, limit=128)
        for j, choice in enumerate(field.choices):
            yield Wording(f"fields[{i}].choices[{j}].label", choice.label, limit=128)


@texts_of.register
def _(step: fl.AskResolved) -> Iterator[Wording]:
    yield Wording("text", step.text)
    yield Wording("yes", step.yes, required=False, limit=128)
    yield Wording("no", step.no, required=False, limit=128)


@texts_of.register
def _(step: fl.Transfer) -> Iterator[Wording]:
    yield Wording("text", step.text, required=False)
    yield Wording("text_closed", step.text_closed, required=False)


@texts_of.register
def _(step: fl.Satisfaction) -> Iterator[Wording]:
    yield Wording("text", step.text)
    yield Wording("comment", step.comment, required=False)


@texts_of.register
def _(step: fl.Solve) -> Iterator[Wording]:
    yield Wording("text", step.text, required=False)


@ByType
def templates_of(step: Step) -> Iterator[tuple[str, str, Use]]:
    """The templates of a step that are in no language: (path, template, where it stands)."""
    yield from ()


@templates_of.register
def _(step: fl.Articles | fl.Answer) -> Iterator[tuple[str, str, Use]]:
    yield "query", step.query, "words"


@templates_of.register
def _(step: fl.Carousel) -> Iterator[tuple[str, str, Use]]:
    for i, panel in enumerate(step.panels):
        for j, link in enumerate(panel.links):
            yield f"panels[{i}].links[{j}].url", link.url, "url"


@templates_of.register
def _(step: fl.Call) -> Iterator[tuple[str, str, Use]]:
    yield "url", step.url, "url"
    for name, value in step.headers.items():
        yield f"headers.{name}", value, "header"
    for path, value in _leaves(step.body, "body"):
        yield path, value, "body"


@templates_of.register
def _(step: fl.Transfer) -> Iterator[tuple[str, str, Use]]:
    for field, template in step.fields.items():
        yield f"fields.{field}", template, "words"


@templates_of.register
def _(step: fl.Set) -> Iterator[tuple[str, str, Use]]:
    if isinstance(step.value, str):
        yield "value", step.value, "words"


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The texts in JSON, with their paths."""
    if isinstance(value, str):
        yield path, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _leaves(child, f"{path}.{key}" if isinstance(key, str) else f"{path}[{key}]")


@ByType
def sets_of(step: Step) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    """The variables that a step sets: (path, variable, the types that the variable may have)."""
    yield from ()


_ANY: tuple[VariableType, ...] = ("text", "number", "boolean")


@sets_of.register
def _(step: fl.Options) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    if step.variable is not None:
        yield "variable", step.variable, ("text",)


@sets_of.register
def _(step: fl.Details) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    for i, field in enumerate(step.fields):
        if field.variable is not None:
            yield f"fields[{i}].variable", field.variable, ("number", "text") if field.kind in ("integer", "decimal") else ("text",)


@sets_of.register
def _(step: fl.Call) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    for name in step.results:
        yield f"results.{name}", name, _ANY


@sets_of.register
def _(step: fl.Set) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    match step.value:
        case bool():
            yield "variable", step.variable, ("boolean",)
        case int() | float():
            yield "variable", step.variable, ("number",)
        case str() as text:
            yield "variable", step.variable, _ANY if "{{" in text else ("text",)
        case None:
            yield "variable", step.variable, _ANY


@sets_of.register
def _(step: fl.Satisfaction) -> Iterator[tuple[str, str, tuple[VariableType, ...]]]:
    if step.variable is not None:
        yield "variable", step.variable, ("number",)
    if step.comment_variable is not None:
        yield "comment_variable", step.comment_variable, ("text",)


@ByType
def conditions_of(step: Step) -> Iterator[tuple[str, Condition]]:
    """The conditions of a step, with their paths."""
    yield from ()


@conditions_of.register
def _(step: fl.Branch) -> Iterator[tuple[str, Condition]]:
    for i, case in enumerate(step.cases):
        yield f"cases[{i}].when", case.when


@conditions_of.register
def _(step: fl.Loop) -> Iterator[tuple[str, Condition]]:
    if step.while_ is not None:
        yield "while", step.while_


@ByType
def flow_of(step: Step) -> str | None:
    """The other flow that a step leads to."""
    return None


@flow_of.register
def _(step: fl.LinkTo | fl.Subflow) -> str | None:
    return step.flow


@ByType
def schedule_of(step: Step) -> str | None:
    """The schedule that a step asks."""
    return None


@schedule_of.register
def _(step: fl.BusinessHours | fl.Transfer) -> str | None:
    return step.schedule
