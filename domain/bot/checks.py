"""What keeps a draft from being published, step by step; and what its author may want to know besides.

Types and sizes are the decoder's (`flow.parse_flow`). Here is what takes the whole flow, its neighbours and the settings to see.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from domain.bot import flow as fl
from domain.bot import graph, wording
from domain.bot.anatomy import all_exits_of, conditions_of, flow_of, schedule_of, sets_of, templates_of, texts_of
from domain.bot.compare import Comparison, compare
from domain.bot.condition import MAX_CONDITION_DEPTH, TESTS, And, Condition, Is, Not, Or, VariableType, type_of
from domain.bot.flow import Flow, Step
from domain.bot.names import FACTS, RESERVED
from domain.bot.release import Release, Settings

__all__ = ["CODES", "Comparison", "Problem", "check_flow", "check_release", "compare", "errors"]

#: Every code, and what it means.
CODES: dict[str, str] = {
    "unknown_start": "The flow begins with a step that it does not have.",
    "duplicate": "Two steps, variables, options, fields or cases have one name.",
    "reserved_name": "The name is that of something else.",
    "unreachable": "No way leads from the start to the step.",
    "dead_end": "The step has no exit, and does not end the run.",
    "missing_exit": "An exit that the step can take leads nowhere.",
    "unknown_exit": "The step has no such exit.",
    "unknown_step": "An exit leads to a step that the flow does not have.",
    "endless": "The flow goes round through the step without waiting for the customer or a timer.",
    "recursion": "The flow calls itself, by itself or through others.",
    "unknown_flow": "The step leads to a flow that there is not.",
    "unknown_schedule": "The settings have no such schedule.",
    "unknown_variable": "A placeholder, a condition or a step names a variable that the flow does not declare.",
    "wrong_type": "The value, the test or the variable is of another type than is needed here.",
    "missing_text": "There are no words in the flow's own language.",
    "missing_translation": "There are no words in one of the flow's other languages (a warning: those of its own language are used).",
    "over_limit": "It is longer, deeper or wider than messages allow.",
    "misplaced_secret": "A secret stands where it would be seen: secrets go into headers and body of an API call alone.",
    "placeholder_in_host": "A placeholder would choose the host that is called or opened.",
    "type_conflict": "Flows of one release declare one variable with two types.",
}

_SECRET = re.compile(r"secret\.[A-Za-z][A-Za-z0-9_]{0,63}\Z")
_TAKEN_EXITS = frozenset({"other", "else", "silent", "next", "failed"})


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to mend. `step` is None for the flow as a whole; `path` leads from the step to the field."""

    step: str | None
    code: str
    text: str
    path: str = ""
    level: Literal["error", "warning"] = "error"


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that stand in the way of publishing."""
    return [one for one in problems if one.level == "error"]


def check_flow(flow: Flow, flows: Mapping[str, Flow] | None = None, settings: Settings | None = None) -> list[Problem]:
    """Everything that is wrong with a flow. `flows` are the app's others by id, `settings` those of its next release, if known."""
    around = {**(flows or {}), flow.id: flow}
    variables = {one.name: one.type for one in flow.variables}
    return [
        *_names(flow),
        *_ways(flow),
        *_neighbours(flow, around, settings),
        *(problem for step in flow.steps for problem in _step(step, flow, variables)),
    ]


def check_release(release: Release) -> list[tuple[str, Problem]]:
    """Everything that is wrong with a release: (flow, problem). The flow is "" for the release as a whole."""
    flows = {name: one.flow for name, one in release.flows.items()}
    found = [(name, problem) for name, flow in flows.items() for problem in check_flow(flow, flows, release.settings)]
    named = (release.entry.flow, *release.entry.integrations.values(), *release.entry.channels.values(), release.settings.fallback)
    missing = dict.fromkeys(name for name in named if name is not None and name not in flows)
    found += [("", Problem(None, "unknown_flow", f"There is no flow {name} to begin or to fall back to.")) for name in missing]
    return found + [("", problem) for problem in _conflicts(flows.values())]


def _conflicts(flows: Iterable[Flow]) -> Iterator[Problem]:
    types: dict[str, VariableType] = {}
    for flow in flows:
        for one in flow.variables:
            if types.setdefault(one.name, one.type) != one.type:
                yield Problem(None, "type_conflict", f"{one.name} is {one.type} in {flow.id} and {types[one.name]} elsewhere.")


def _names(flow: Flow) -> Iterator[Problem]:
    for name in _twice(step.id for step in flow.steps):
        yield Problem(name, "duplicate", f"There are two steps {name}.")
    for name in _twice(one.name for one in flow.variables):
        yield Problem(None, "duplicate", f"There are two variables {name}.")
    for one in flow.variables:
        if one.name in RESERVED:
            yield Problem(None, "reserved_name", f"{one.name} cannot be the name of a variable.")
        if one.default is not None and type_of(one.default) != one.type:
            yield Problem(None, "wrong_type", f"The default of {one.name} is no {one.type}.")


def _ways(flow: Flow) -> Iterator[Problem]:
    ids = {step.id for step in flow.steps}
    if flow.start not in ids:
        yield Problem(None, "unknown_start", f"There is no step {flow.start} to begin with.")
        return
    reached = graph.reachable(flow)
    for step in flow.steps:
        if step.id not in reached:
            yield Problem(step.id, "unreachable", "No way leads here.")
        for name, target in step.exits.items():
            if target not in ids:
                yield Problem(step.id, "unknown_step", f"The exit {name} leads to {target}, which is no step.", f"exits.{name}")
        yield from _exits(step)


def _exits(step: Step) -> Iterator[Problem]:
    exits = all_exits_of(step)
    if exits.required and not step.exits:
        yield Problem(step.id, "dead_end", f"It needs the exits {', '.join(exits.required)}.", "exits")
        return
    for name in exits.required:
        if name not in step.exits:
            yield Problem(step.id, "missing_exit", f"The exit {name} leads nowhere.", f"exits.{name}")
    for name in step.exits:
        if name not in (*exits.required, *exits.optional):
            yield Problem(step.id, "unknown_exit", f"It has no exit {name}.", f"exits.{name}")


def _neighbours(flow: Flow, flows: Mapping[str, Flow], settings: Settings | None) -> Iterator[Problem]:
    for step in flow.steps:
        other, schedule = flow_of(step), schedule_of(step)
        if other is not None and other not in flows:
            yield Problem(step.id, "unknown_flow", f"There is no flow {other}.", "flow")
        if isinstance(step, fl.Subflow) and (step.flow == flow.id or flow.id in graph.called(flows, step.flow)):
            yield Problem(step.id, "recursion", f"{step.flow} leads back to this flow.", "flow")
        if schedule is not None and settings is not None and schedule not in settings.schedules:
            yield Problem(step.id, "unknown_schedule", f"There is no schedule {schedule}.", "schedule")
    cycle = graph.endless(flows, flow.id)
    if cycle:
        here = next((step for name, step in cycle if name == flow.id), None)
        way = " → ".join(step if name == flow.id else f"{name}/{step}" for name, step in cycle)
        yield Problem(here, "endless", f"Nobody is waited for on the way round: {way}.")


def _step(step: Step, flow: Flow, variables: dict[str, VariableType]) -> Iterator[Problem]:
    yield from _texts(step, flow, variables)
    yield from _templates(step, variables)
    yield from _setting(step, variables)
    for path, condition in conditions_of(step):
        yield from (Problem(step.id, code, text, path) for code, text in _condition(condition, variables))
    yield from _parts(step)


def _texts(step: Step, flow: Flow, variables: dict[str, VariableType]) -> Iterator[Problem]:
    for one in texts_of(step):
        if one.required or any(one.text.values()):
            if not wording.pick(one.text, flow.language, flow.language):
                yield Problem(step.id, "missing_text", f"There are no words in {flow.language}.", one.path)
            for language in flow.languages:
                if not wording.pick(one.text, language, ""):
                    yield Problem(step.id, "missing_translation", f"There are no words in {language}.", one.path, "warning")
        for language, words in one.text.items():
            path = f"{one.path}.{language}"
            if len(words) > one.limit:
                yield Problem(step.id, "over_limit", f"At most {one.limit} characters.", path)
            yield from _placeholders(step, words, "words", path, variables)


def _templates(step: Step, variables: dict[str, VariableType]) -> Iterator[Problem]:
    for path, template, use in templates_of(step):
        yield from _placeholders(step, template, use, path, variables)
        if use == "url" and "{{" in template.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0]:
            yield Problem(step.id, "placeholder_in_host", "The host is the author's to choose.", path)


def _placeholders(step: Step, template: str, use: str, path: str, variables: dict[str, VariableType]) -> Iterator[Problem]:
    for name in sorted(wording.references(template)):
        if name.startswith(wording.SECRET):
            if use not in ("header", "body"):
                yield Problem(step.id, "misplaced_secret", f"{name} would be seen here.", path)
            elif not _SECRET.match(name):
                yield Problem(step.id, "unknown_variable", f"{name} is no name of a secret.", path)
        elif name not in variables and name not in FACTS:
            yield Problem(step.id, "unknown_variable", f"There is no {name}.", path)


def _setting(step: Step, variables: dict[str, VariableType]) -> Iterator[Problem]:
    for path, name, types in sets_of(step):
        if name not in variables:
            yield Problem(step.id, "unknown_variable", f"There is no variable {name}.", path)
        elif variables[name] not in types:
            yield Problem(step.id, "wrong_type", f"{name} is {variables[name]}, and must be {' or '.join(types)} here.", path)


def _condition(condition: Condition, variables: dict[str, VariableType]) -> Iterator[tuple[str, str]]:
    level: list[Condition] = [condition]
    for _ in range(MAX_CONDITION_DEPTH):
        for one in level:
            if isinstance(one, Is):
                yield from _comparison(one, variables)
        level = [part for one in level for part in _inner(one)]
    if level:
        yield "over_limit", f"A condition is at most {MAX_CONDITION_DEPTH} levels deep."


def _inner(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case And(of=parts) | Or(of=parts):
            return parts
        case Not(of=part):
            return (part,)
        case _:
            return ()


def _comparison(one: Is, variables: dict[str, VariableType]) -> Iterator[tuple[str, str]]:
    kind = variables.get(one.variable) or ("text" if one.variable in FACTS else None)
    if kind is None:
        yield "unknown_variable", f"There is no variable {one.variable}."
    elif one.test not in TESTS[kind]:
        yield "wrong_type", f"{one.variable} is {kind}, which has no test {one.test}."
    elif not _fits(one, kind):
        yield "wrong_type", f"The value that {one.variable} is compared with must be {_wanted(one, kind)}."


def _fits(one: Is, kind: VariableType) -> bool:
    value: Any = one.value
    if one.test == "known":
        return value is None
    if one.test == "one_of":
        return isinstance(value, tuple)
    return value is not None and not isinstance(value, tuple) and type_of(value) == kind


def _wanted(one: Is, kind: VariableType) -> str:
    return {"known": "absent", "one_of": "a list of texts"}.get(one.test, f"a {kind}")


def _parts(step: Step) -> Iterator[Problem]:
    """Rules within one step that its type cannot express."""
    match step:
        case fl.Options(options=named) | fl.Branch(cases=named):
            names = [one.name for one in named]
            for name in sorted(_TAKEN_EXITS & set(names)):
                yield Problem(step.id, "reserved_name", f"{name} is the name of another exit.")
        case fl.Details(fields=fields):
            names = [field.name for field in fields]
            yield from (problem for i, field in enumerate(fields) for problem in _field(step, field, f"fields[{i}]"))
        case _:
            names = []
    for name in _twice(names):
        yield Problem(step.id, "duplicate", f"Two are named {name}.")


def _field(step: Step, field: fl.Field, path: str) -> Iterator[Problem]:
    if (field.kind == "select") != bool(field.choices):
        yield Problem(step.id, "wrong_type", "A field of kind select has choices, and no other has.", f"{path}.choices")
    for name in _twice(one.name for one in field.choices):
        yield Problem(step.id, "duplicate", f"Two choices are named {name}.", f"{path}.choices")
    if field.min_size > field.max_size:
        yield Problem(step.id, "over_limit", "min_size is above max_size.", f"{path}.min_size")


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]
