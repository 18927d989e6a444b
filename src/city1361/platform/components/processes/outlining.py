"""The diagram as a list that can be read aloud: every element once, in the order in which it is reached."""

from __future__ import annotations

from dataclasses import dataclass

from city1361.platform.components.processes.definition import Compiled, Element
from city1361.platform.components.processes.terms import ElementKind, Trigger


@dataclass(frozen=True, slots=True)
class Way:
    """Where an element leads: to which other, under which condition."""

    element: str
    name: str
    label: str
    default: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list. `number` counts as 1, 2, 2.1; `attached`: the activity at whose edge it sits."""

    number: str
    depth: int
    element: str
    kind: ElementKind
    trigger: Trigger
    name: str
    attached: str
    ways: tuple[Way, ...]


def outline(compiled: Compiled) -> tuple[Line, ...]:
    """All elements, sub-processes indented below their own line."""
    inside: dict[str, list[Element]] = {}
    for one in compiled.elements.values():
        inside.setdefault(one.parent, []).append(one)
    lines: list[Line] = []
    waiting = [(one, "") for one in reversed(_in_order(compiled, inside.get("", [])))]
    counts: dict[str, int] = {}
    while waiting:
        element, above = waiting.pop()
        counts[above] = counts.get(above, 0) + 1
        number = f"{above}.{counts[above]}" if above else str(counts[above])
        lines.append(_line(compiled, element, number))
        waiting.extend((one, number) for one in reversed(_in_order(compiled, inside.get(element.id, []))))
    return tuple(lines)


def _in_order(compiled: Compiled, elements: list[Element]) -> list[Element]:
    """As they are reached: from the start along the first way, what sits at an edge right after its activity."""
    found: dict[str, Element] = {}
    for start in [*(one for one in elements if one.kind is ElementKind.START_EVENT), *elements]:
        waiting = [start]
        while waiting:
            one = waiting.pop()
            if one.id in found:
                continue
            found[one.id] = one
            targets = [compiled.elements[compiled.flows[flow].target] for flow in one.outgoing]
            waiting.extend(reversed(targets))
            waiting.extend(compiled.elements[name] for name in reversed(one.boundaries))
    return list(found.values())


def _line(compiled: Compiled, element: Element, number: str) -> Line:
    ways = []
    for name in element.outgoing:
        flow = compiled.flows[name]
        target = compiled.elements[flow.target]
        default = element.default == name
        ways.append(Way(target.id, target.name, flow.name or flow.condition, default))
    return Line(
        number,
        number.count("."),
        element.id,
        element.kind,
        element.trigger,
        element.name,
        element.attached,
        tuple(ways),
    )
