"""A process as it is run: elements, flows and the processes it calls, compiled once per version. Pure values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

from city1361.platform.components.processes.decision_tables import Table
from city1361.platform.components.processes.terms import ElementKind, Holder, Trigger

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Mapped:
    """A variable is set from an expression."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Timer:
    """When a timer fires: after a time, at a moment, or at the end of a limit that the rules know."""

    months: int = 0
    seconds: float = 0.0
    at: str = ""  # an expression that gives a moment
    after: str = ""  # an expression that gives a span
    limit: str = ""
    times: int = 1  # -1: again and again


@dataclass(frozen=True, slots=True)
class Several:
    """An activity done several times: for each of a collection, so many times, or as long as a condition holds."""

    sequential: bool
    collection: str = ""
    item: str = ""
    cardinality: str = ""
    until: str = ""
    collect: str = ""
    into: str = ""
    again: str = ""  # of a loop
    test_before: bool = False
    maximum: int = 0

    @property
    def is_loop(self) -> bool:
        return bool(self.again)


@dataclass(frozen=True, slots=True)
class Task:
    """What a user task means for its subject."""

    state: str = ""
    holder: Holder | None = None
    kind: str = ""
    steps: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    limit: str = ""

    def params(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "holder": self.holder.value if self.holder else "",
            "kind": self.kind,
            "steps": list(self.steps),
            "stays": list(self.stays),
            "limit": self.limit,
        }


@dataclass(frozen=True, slots=True)
class Flow:
    """An arrow; `condition` decides it after an exclusive gateway."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the diagram, with all that running it needs."""

    id: str
    kind: ElementKind
    name: str = ""
    line: int = 0
    parent: str = ""
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str = ""
    trigger: Trigger = Trigger.NONE
    attached: str = ""
    interrupting: bool = True
    boundaries: tuple[str, ...] = ()
    start: str = ""  # where a sub-process begins
    timer: Timer | None = None
    message: str = ""
    correlation: str = ""
    error: str = ""
    called: str = ""
    service: str = ""
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    several: Several | None = None
    task: Task | None = None
    local: Mapping[str, str] = field(default_factory=dict)  # variables that only this and what lies in it knows


@dataclass(frozen=True)
class Compiled:
    """A published process. `called` holds every process it can reach, by key and digest; `decisions` the tables that its
    own service tasks ask, by service name."""

    key: str
    name: str
    schema: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    called: Mapping[str, Compiled] = field(default_factory=dict)
    digest: str = ""
    decisions: Mapping[str, Table] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.digest[:16]}"

    @cached_property
    def starts(self) -> tuple[Element, ...]:
        """Where the process can begin."""
        return tuple(one for one in self.elements.values() if one.kind is ElementKind.START_EVENT and not one.parent)

    @cached_property
    def programs(self) -> dict[tuple[str, str, str], Any]:
        """Conditions compiled in this process, by element, text and expected type. Filled while it runs."""
        return {}

    def process(self, reference: str) -> Compiled:
        return self if not reference else self.called[reference]

    def locals_of(self, element: str) -> dict[str, str]:
        """Names known at an element besides the declared variables, with their types."""
        known: dict[str, str] = {}
        while element:
            found = self.elements[element]
            known = {**found.local, **known}
            element = found.parent
        return known

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "digest": self.digest,
            **_content(self),
            "called": {key: one.to_json() for key, one in self.called.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        if data["format"] != FORMAT:
            raise ValueError(f"A process compiled in format {data['format']} must be compiled again.")
        return cls(
            key=data["key"],
            name=data["name"],
            schema=MappingProxyType(dict(data["schema"])),
            elements=MappingProxyType({one["id"]: element_from_json(one) for one in data["elements"]}),
            flows=MappingProxyType({one["id"]: Flow(**one) for one in data["flows"]}),
            called=MappingProxyType({key: Compiled.from_json(one) for key, one in data["called"].items()}),
            digest=data["digest"],
            decisions=MappingProxyType({name: Table.from_json(one) for name, one in data.get("decisions", {}).items()}),
        )


def sealed(compiled: Compiled) -> Compiled:
    """The same with its digest: over its own content and the digests of what it calls."""
    content = {**_content(compiled), "called": sorted(compiled.called)}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(compiled, digest=digest)


def _content(compiled: Compiled) -> dict[str, Any]:
    tables = {name: one.to_json() for name, one in compiled.decisions.items()}
    return {
        **({"decisions": tables} if tables else {}),
        "key": compiled.key,
        "name": compiled.name,
        "schema": dict(compiled.schema),
        "elements": [_brief(one) for one in compiled.elements.values()],
        "flows": [_brief(one) for one in compiled.flows.values()],
    }


def _brief(value: Any) -> dict[str, Any]:
    """Only what differs from nothing: most elements have few of the fields."""
    found = {}
    for one in fields(value):
        item = getattr(value, one.name)
        if item in (one.default, {}, ()):
            continue
        found[one.name] = _plain(item)
    return found


def _plain(item: Any) -> Any:
    if isinstance(item, Mapped | Timer | Several | Task):
        return _brief(item)
    if isinstance(item, tuple):
        return [_plain(one) for one in item]
    return dict(item) if isinstance(item, Mapping) else item


def element_from_json(data: Mapping[str, Any]) -> Element:
    values = dict(data)
    values["kind"] = ElementKind(values["kind"])
    for name in ("incoming", "outgoing", "boundaries"):
        values[name] = tuple(values.get(name, ()))
    for name in ("inputs", "outputs"):
        values[name] = tuple(Mapped(**one) for one in values.get(name, ()))
    if "trigger" in values:
        values["trigger"] = Trigger(values["trigger"])
    if "timer" in values:
        values["timer"] = Timer(**values["timer"])
    if "several" in values:
        values["several"] = Several(**values["several"])
    if "task" in values:
        task = values["task"]
        holder = Holder(task["holder"]) if "holder" in task else None
        sequences = {name: tuple(task.get(name, ())) for name in ("steps", "stays")}
        values["task"] = Task(**{**task, "holder": holder, **sequences})
    return Element(**values)
