"""Write the declared areas as rows; a second load changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.kernel.ids import new_id
from city1361.platform.assurance.standards.areas.checking import DeclaredAreas, read_areas
from city1361.platform.assurance.standards.areas.decisions import area_id
from city1361.platform.assurance.standards.areas.fields import ring_to_text
from city1361.platform.assurance.standards.areas.layout import Layout, lay_out
from city1361.platform.assurance.standards.areas.merging import AREAS, CHANGES, CODES, PLACEMENTS, SHAPES, merge
from city1361.platform.assurance.standards.areas.queries import today
from city1361.platform.assurance.standards.areas.terms import Tree
from city1361.platform.assurance.standards.instance import api as instance

GRID_SYSTEM = "grid"


def load_areas(path: Path) -> str:
    """Load the section `areas` in the caller's transaction. Returns a sentence on what changed."""
    declared = read_areas(path)
    layout = lay_out(declared, lambda done, total: instance.report("切分网格", done, total))
    rows = _Rows(instance.declaration(path).namespace, declared, layout)
    changed = merge(AREAS, rows.areas(), len(rows.ids))
    changed += merge(CODES, rows.codes(), len(rows.ids))
    changed += merge(PLACEMENTS, rows.placements(), rows.placement_count)
    changed += merge(CHANGES, rows.changes(), len(declared.history.changes))
    changed += merge(SHAPES, rows.shapes(), rows.shape_count)
    instance.report("区域谱系", 0, 1)
    rebuild_lineage()
    instance.report("区域谱系", 1, 1)
    return f"区域{len(rows.ids)}个，其中网格{len(layout.grids)}个；写入或改动{changed}行"


def rebuild_lineage() -> int:
    """Make the flat governing tree say what holds today in the city's own time. Returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("select city1361_rebuild_area_lineage(%s)", [today()])
        return int(cursor.fetchone()[0])


class _Rows:
    """The facts as rows, in the order of the tables' columns."""

    def __init__(self, namespace: UUID, declared: DeclaredAreas, layout: Layout) -> None:
        self.history, self.layout, self.declaration = declared.history, layout, declared.declaration
        codes = [*self.history.areas, *(grid.code for grid in layout.grids)]
        self.ids = {code: area_id(namespace, code) for code in codes}
        self.placement_count = len(self.history.placements) + len(layout.grids)
        self.shape_count = sum(len(shape.rings) for shape in layout.shapes.values())

    def areas(self) -> Iterator[tuple[Any, ...]]:
        for area in self.history.areas.values():
            yield self.ids[area.code], area.level, area.kind, area.name, area.short_name, area.synthetic
        for grid in self.layout.grids:
            yield self.ids[grid.code], "grid", "grid", grid.name, grid.short_name, True

    def codes(self) -> Iterator[tuple[Any, ...]]:
        for fact in self.history.codes.values():
            yield (
                new_id(), self.ids[fact.area], fact.system, fact.code, fact.begins, fact.ends,
                fact.source, fact.approximate, True,
            )  # fmt: skip
        begin, source = self._grid_facts()
        for grid in self.layout.grids:
            yield new_id(), self.ids[grid.code], GRID_SYSTEM, grid.code, begin, None, source, True, True

    def placements(self) -> Iterator[tuple[Any, ...]]:
        for fact in self.history.placements:
            yield (
                new_id(), self.ids[fact.area], self.ids[fact.parent], fact.tree, fact.begins, fact.ends,
                fact.source, fact.approximate, True,
            )  # fmt: skip
        begin, source = self._grid_facts()
        for grid in self.layout.grids:
            parent = self.ids[grid.village]
            yield new_id(), self.ids[grid.code], parent, Tree.GOVERNING, begin, None, source, True, True

    def changes(self) -> Iterator[tuple[Any, ...]]:
        for fact in self.history.changes.values():
            origin = self.ids[fact.origin] if fact.origin else None
            destination = self.ids[fact.destination] if fact.destination else None
            yield (
                new_id(), self.ids[fact.area], fact.kind, origin, destination, fact.on,
                fact.source, fact.approximate, True,
            )  # fmt: skip

    def shapes(self) -> Iterator[tuple[Any, ...]]:
        crs = self.declaration.boundaries.crs if self.declaration.boundaries else ""
        levels = {code: area.level.value for code, area in self.history.areas.items()}
        for code, shape in self.layout.shapes.items():
            level = levels.get(code, "grid")
            for place, ring in enumerate(shape.rings):
                yield (
                    new_id(), self.ids[code], place, level, ring_to_text(ring), crs, shape.synthetic, shape.approximate
                )  # fmt: skip

    def _grid_facts(self) -> tuple[Any, str]:
        grids = self.declaration.grids
        return (grids.valid_from, grids.source) if grids else (None, "")
