"""What the modules above bring to packages: lists that a page may show, steps that a scenario may take, rows of a
demonstration. Registered when the applications start; nothing here knows who brings them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a list. `address` makes it a link, `tone` a tag; a `tight` one never wraps. The text is translated by
    whoever gives it."""

    text: str
    address: str = ""
    tone: str = ""
    tight: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows, newest first, each with a cell per column; `next_cursor` is empty at the end. ids: what a detail page
    shows of each row."""

    rows: Sequence[Mapping[str, Cell]]
    next_cursor: str = ""
    ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks of its source: for whom, of which package, narrowed to what."""

    by: By
    scope: Scope
    package: str
    filters: Mapping[str, str]
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a board: how many, how many of them late. `filters` narrow the list to exactly these rows, `late`
    narrows it further."""

    label: str
    count: int
    filters: Mapping[str, str]
    late_count: int = 0
    late: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a detail page: a component of base.ui (flow, clock, timeline, place_map) or pairs, and its value."""

    component: str
    value: Any


@dataclass(frozen=True, slots=True)
class Record:
    """One row on a page of its own. `address`: where it is dealt with. blocks: those that were asked and are not empty."""

    title: str
    cells: Mapping[str, Cell]
    blocks: Mapping[str, Block]
    address: str = ""


@dataclass(frozen=True, slots=True)
class PageSource:
    """What pages of packages may show. columns, filters, groups, blocks: code → label (zh-Hans msgid).

    permission: what reading it needs; the package must declare it. choices(filter, asked) are (value, label).
    groups: what a board counts by; counts(group, asked). narrowing: filters that a board sets besides the group's own.
    blocks: the parts of a detail page; one(id, blocks, asked) raises Missing.
    """

    name: str
    permission: str
    columns: Mapping[str, str]
    filters: Mapping[str, str]
    rows: Callable[[Asked], ListPage]
    choices: Callable[[str, Asked], Sequence[tuple[str, str]]]
    groups: Mapping[str, str] = field(default_factory=dict)
    narrowing: tuple[str, ...] = ()
    counts: Callable[[str, Asked], Sequence[Counted]] | None = None
    blocks: Mapping[str, str] = field(default_factory=dict)
    one: Callable[[UUID, Sequence[str], Asked], Record] | None = None


@dataclass(slots=True)
class Course:
    """A scenario under way: the package, when it began, and what its steps left for the next."""

    package: str
    begun: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    held: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """Something that a scenario may do. take(course, by, arguments) acts as that person, through actions only."""

    name: str
    arguments: frozenset[str]
    take: Callable[[Course, By, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class DemoTable:
    """Rows that a package may bring for the demonstration: the columns of its CSV. load(package, rows) writes them."""

    name: str
    columns: tuple[str, ...]
    load: Callable[[str, Sequence[Mapping[str, str]]], None]


_sources: dict[str, PageSource] = {}
_steps: dict[str, ScenarioStep] = {}
_facts: dict[str, Callable[[Course], Mapping[str, Any]]] = {}
_tables: dict[str, DemoTable] = {}


def register_page_source(source: PageSource) -> None:
    _sources[source.name] = source


def page_source(name: str) -> PageSource | None:
    return _sources.get(name)


def page_sources() -> tuple[str, ...]:
    return tuple(sorted(_sources))


def register_scenario_steps(facts: Callable[[Course], Mapping[str, Any]], *steps: ScenarioStep) -> None:
    """Declare steps, and how what came of them is told: facts(course), by name."""
    for step in steps:
        _steps[step.name] = step
        _facts[step.name] = facts


def scenario_step(name: str) -> ScenarioStep | None:
    return _steps.get(name)


def scenario_steps() -> tuple[str, ...]:
    return tuple(sorted(_steps))


def facts_after(step: str, course: Course) -> Mapping[str, Any]:
    return _facts[step](course)


def register_demo_table(table: DemoTable) -> None:
    _tables[table.name] = table


def demo_table(name: str) -> DemoTable | None:
    return _tables.get(name)


def demo_tables() -> tuple[str, ...]:
    return tuple(sorted(_tables))
