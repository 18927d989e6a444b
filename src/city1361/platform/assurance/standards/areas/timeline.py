"""From declarations to dated facts: which area bore which code, stood where, and what happened to it. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.decisions import short_name
from city1361.platform.assurance.standards.areas.declarations import (
    AreasDeclaration,
    Change,
    Created,
    Division,
)
from city1361.platform.assurance.standards.areas.terms import AreaKind, ChangeKind, Tree


@dataclass(frozen=True, slots=True)
class AreaFact:
    """An area, known by the first code it bore."""

    code: str
    level: Level
    kind: AreaKind
    name: str
    short_name: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class CodeFact:
    """A code of an area in [begins, ends)."""

    area: str
    system: str
    code: str
    begins: date
    ends: date | None
    source: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class PlacementFact:
    """The parent of an area in one tree in [begins, ends)."""

    area: str
    parent: str
    tree: Tree
    begins: date
    ends: date | None
    source: str
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """What happened to an area: where it was, where it went."""

    area: str
    kind: ChangeKind
    origin: str | None
    destination: str | None
    on: date
    source: str
    approximate: bool = False


class ImpossibleChange(ValueError):
    """A change moves or ends an area that does not stand on that day. Its argument is the area's code."""


@dataclass
class History:
    """The facts, and the state of the trees after the last of them."""

    areas: dict[str, AreaFact] = field(default_factory=dict)
    codes: dict[str, CodeFact] = field(default_factory=dict)
    ended: list[PlacementFact] = field(default_factory=list)
    standing: dict[tuple[str, Tree], PlacementFact] = field(default_factory=dict)
    children: dict[tuple[str, Tree], dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    changes: dict[tuple[str, ChangeKind, date], ChangeFact] = field(default_factory=dict)

    @property
    def placements(self) -> list[PlacementFact]:
        return [*self.ended, *self.standing.values()]

    def under(self, parent: str, tree: Tree) -> list[str]:
        """First codes of the areas that stand under `parent` now, in the order of their codes."""
        return sorted(self.children[parent, tree])

    def place(self, placement: PlacementFact) -> None:
        """Give an area its parent from a day on, ending what stood before."""
        key = placement.area, placement.tree
        self.end(placement.area, placement.tree, placement.begins)
        self.standing[key] = placement
        self.children[placement.parent, placement.tree][placement.area] = None

    def end(self, area: str, tree: Tree, on: date) -> None:
        before = self.standing.pop((area, tree), None)
        if before is None:
            return
        del self.children[before.parent, tree][area]
        if before.begins < on:
            self.ended.append(replace(before, ends=on))

    def record(self, change: ChangeFact) -> None:
        self.changes.setdefault((change.area, change.kind, change.on), change)


def compile_history(declaration: AreasDeclaration, divisions: list[Division]) -> History:
    """All facts of a declaration whose references have been checked. Raises ImpossibleChange."""
    history = History()
    _lay_divisions(history, declaration, divisions)
    days = {created.valid_from for created in declaration.created}
    days |= {governed.valid_from for governed in declaration.governed}
    days |= {change.effective for change in declaration.changes}
    for day in sorted(days):
        for created in declaration.created:
            if created.valid_from == day:
                _create(history, created, declaration.divisions.valid_from)
        for governed in declaration.governed:
            if governed.valid_from == day:
                for area in governed.areas:
                    history.place(
                        PlacementFact(
                            area, governed.by, Tree.GOVERNING, day, None, governed.source, governed.approximate
                        )
                    )
        for change in declaration.changes:
            if change.effective == day:
                _apply(history, change)
    return history


def _lay_divisions(history: History, declaration: AreasDeclaration, divisions: list[Division]) -> None:
    table = declaration.divisions
    for division in divisions:
        code, level = division.code, division.level
        short = short_name(division.name, level)
        history.areas[code] = AreaFact(code, level, AreaKind(level.value), division.name, short)
        history.codes[code] = CodeFact(code, table.code_system, code, table.valid_from, None, table.source)
        if division.parent:
            for tree in Tree:
                history.place(PlacementFact(code, division.parent, tree, table.valid_from, None, table.source))


def _create(history: History, created: Created, begin: date) -> None:
    code, day = created.code, created.valid_from
    short = created.short_name or created.name
    history.areas[code] = AreaFact(code, Level(created.level), created.kind, created.name, short)
    history.codes[code] = CodeFact(code, created.code_system, code, day, None, created.source, created.approximate)
    for tree in created.trees:
        history.place(PlacementFact(code, created.parent, tree, day, None, created.source, created.approximate))
    if day > begin:
        history.record(
            ChangeFact(code, ChangeKind.FOUNDED, None, created.parent, day, created.source, created.approximate)
        )


def _apply(history: History, change: Change) -> None:
    for transfer in change.transferred:
        for area in transfer.areas:
            if (area, Tree.STATUTORY) not in history.standing or transfer.to not in history.codes:
                raise ImpossibleChange(area)
            origin = history.standing[area, Tree.STATUTORY].parent
            for tree in Tree:
                standing = history.standing.get((area, tree))
                # Who governs a town beside its district goes on governing it when the district changes.
                if standing is not None and standing.parent == origin:
                    _move(history, change, area, transfer.to, tree)
    for abolition in change.abolished:
        if not {abolition.code, abolition.into} <= history.codes.keys() or history.codes[abolition.code].ends:
            raise ImpossibleChange(abolition.code)
        for tree in Tree:
            for area in history.under(abolition.code, tree):
                _move(history, change, area, abolition.into, tree)
            history.end(abolition.code, tree, change.effective)
        code = history.codes[abolition.code]
        history.codes[abolition.code] = replace(code, ends=change.effective)
        history.record(
            ChangeFact(
                abolition.code, ChangeKind.ABOLISHED, abolition.code, abolition.into, change.effective, change.source
            )
        )


def _move(history: History, change: Change, area: str, to: str, tree: Tree) -> None:
    origin = history.standing[area, tree].parent
    history.place(PlacementFact(area, to, tree, change.effective, None, change.source, change.approximate))
    history.record(
        ChangeFact(area, ChangeKind.TRANSFERRED, origin, to, change.effective, change.source, change.approximate)
    )
    code = history.codes[area]
    if change.approximate and not code.approximate:
        history.codes[area] = replace(code, approximate=True)
