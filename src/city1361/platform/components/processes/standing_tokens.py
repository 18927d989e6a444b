"""Where running instances of a version stand, and which elements of another version could take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count

from city1361.base.kernel.scope import Scope
from city1361.platform.components.processes import versions
from city1361.platform.components.processes.definition import Compiled, Element
from city1361.platform.components.processes.migrating_instances import MOST
from city1361.platform.components.processes.models import ProcessInstance
from city1361.platform.components.processes.queries import in_scope
from city1361.platform.components.processes.terms import ProcessStatus, State


@dataclass(frozen=True, slots=True)
class StandingAt:
    """Tokens at one element of a version: `name` as a mapping writes it. `candidates`: what could take them in the other
    version, the likeliest first; `same`: its counterpart of the same id, which needs no mapping."""

    name: str
    element: Element
    tokens: int
    same: bool
    candidates: tuple[tuple[str, Element], ...]

    @property
    def proposed(self) -> str:
        """The counterpart of the same id, else of the same name when there is one alone."""
        if self.same:
            return self.name
        named = [name for name, one in self.candidates if one.name and one.name == self.element.name]
        return named[0] if len(named) == 1 else ""


def running(scope: Scope, key: str) -> dict[int, int]:
    """How many instances run in each version."""
    rows = ProcessInstance.objects.filter(
        in_scope(scope), process_version__definition=key, status=ProcessStatus.RUNNING
    )
    return dict(rows.values_list("process_version__number").annotate(Count("id")))


def standing_at(scope: Scope, key: str, before: int, after: int) -> list[StandingAt]:
    """Where the instances of `before` stand, in the order of the diagram. Raises Missing for an unknown version."""
    old_id, new_id = versions.version_id(key, before), versions.version_id(key, after)
    old, new = _elements(versions.compiled_of(old_id)), _elements(versions.compiled_of(new_id))
    rows = ProcessInstance.objects.filter(in_scope(scope), process_version=old_id, status=ProcessStatus.RUNNING)
    counted: Counter[str] = Counter()
    for state in rows.order_by("id").values_list("state", flat=True)[:MOST]:
        counted.update(_names(State.from_json(state), versions.compiled_of(old_id)))
    return [_standing(name, one, counted[name], new) for name, one in old.items() if counted[name]]


def _names(state: State, compiled: Compiled) -> list[str]:
    """What stands by itself; what watches an activity goes with it."""
    processes = {one.id: one.process for one in state.scopes}
    found = []
    for token in state.tokens:
        process = compiled.process(processes.get(token.scope, ""))
        if not process.elements[token.element].attached:
            found.append(token.element if process is compiled else f"{process.key}/{token.element}")
    return found


def _elements(compiled: Compiled) -> dict[str, Element]:
    called = {
        f"{one.key}/{name}": element for one in compiled.called.values() for name, element in one.elements.items()
    }
    return {**compiled.elements, **called}


def _standing(name: str, element: Element, tokens: int, new: Mapping[str, Element]) -> StandingAt:
    prefix = name.rpartition("/")[0]
    alike = [
        (other, one)
        for other, one in new.items()
        if one.kind is element.kind and one.trigger is element.trigger and other.rpartition("/")[0] == prefix
    ]
    alike.sort(key=lambda pair: (pair[0] != name, pair[1].name != element.name))
    return StandingAt(name, element, tokens, any(other == name for other, _ in alike), tuple(alike))
