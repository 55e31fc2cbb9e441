"""The graph of a bot's flows: what can be reached, and where a run could go round without waiting for anybody.

A step waits if it needs the customer or a timer. An API call does not count: what goes round through one asks it without end.
Theory: a loop's `again` is bounded by its counter, which only its `done` sets back. If the graph has no cycle once the `again` of
all loops are taken out, no walk through it is endless: each step that an endless walk meets again and again is left by some other
exit again and again (a loop that is left by `again` so often is left by `done` too), and those exits would make a cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from domain.bot import flow as fl
from domain.bot.anatomy import flow_of
from domain.bot.flow import Flow, Step

Node = tuple[str, str]
WAITING = (fl.Asking, fl.Wait)


def reachable(flow: Flow) -> set[str]:
    """The ids of the steps that a run can come to from the start."""
    steps = {step.id: step for step in flow.steps}
    seen, pending = set[str](), [flow.start]
    while pending:
        here = pending.pop()
        if here in seen or here not in steps:
            continue
        seen.add(here)
        pending.extend(steps[here].exits.values())
    return seen


def called(flows: Mapping[str, Flow], flow_id: str) -> set[str]:
    """The flows that a flow leads to, through others too."""
    seen, pending = set[str](), [flow_id]
    while pending:
        flow = flows.get(pending.pop())
        targets = {flow_of(step) for step in flow.steps} if flow is not None else set()
        pending.extend(new := [name for name in targets if name is not None and name not in seen])
        seen.update(new)
    return seen


def endless(flows: Mapping[str, Flow], flow_id: str) -> list[Node]:
    """A way round that waits for nobody, which a run of this flow can come to; empty when there is none."""
    within = {name: flows[name] for name in {flow_id, *called(flows, flow_id)} if name in flows}
    passing = _passing(within)
    graph = {(name, step.id): list(_next(flow, step, within, passing)) for name, flow in sorted(within.items()) for step in flow.steps}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[Node] = error.args[1]
        return cycle[:0:-1]
    return []


def _next(flow: Flow, step: Step, flows: Mapping[str, Flow], passing: set[str]) -> Iterator[Node]:
    """Where a run goes from a step at once, but for `again`. What goes round by calling itself is recursion, and not looked for here."""
    if isinstance(step, WAITING):
        return
    if isinstance(step, fl.LinkTo) and step.flow in flows:
        yield step.flow, flows[step.flow].start
    if isinstance(step, fl.Subflow) and step.flow not in passing:
        return
    yield from ((flow.id, target) for name, target in step.exits.items() if not (isinstance(step, fl.Loop) and name == "again"))


def _passing(flows: Mapping[str, Flow]) -> set[str]:
    """The flows that can come to their end without waiting."""
    found: set[str] = set()
    while True:
        more = {name for name, flow in flows.items() if name not in found and _ends_at_once(flow, flows, found)}
        if not more:
            return found
        found |= more


def _ends_at_once(flow: Flow, flows: Mapping[str, Flow], passing: set[str]) -> bool:
    steps = {step.id: step for step in flow.steps}
    seen, pending = set[str](), [flow.start]
    while pending:
        step = steps.get(pending.pop())
        if step is None or step.id in seen:
            continue
        seen.add(step.id)
        if isinstance(step, fl.End) or (isinstance(step, fl.LinkTo) and step.flow in passing):
            return True
        if not isinstance(step, WAITING) and not (isinstance(step, fl.Subflow) and step.flow not in passing):
            pending.extend(step.exits.values())
    return False
