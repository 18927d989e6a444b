"""Where areas lie: outlines of districts as given, of everything below them as cut. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas import boundaries
from city1361.platform.assurance.standards.areas.checking import DeclaredAreas
from city1361.platform.assurance.standards.areas.decisions import grid_name, spread
from city1361.platform.assurance.standards.areas.slicing import Shape, slice_by_weight
from city1361.platform.assurance.standards.areas.terms import Tree
from city1361.platform.assurance.standards.areas.timeline import History

SERIAL_DIGITS = 3  # a grid's code is its village's code and a serial of three digits


@dataclass(frozen=True, slots=True)
class PlacedShape:
    """The rings of an area. `synthetic`: invented; `approximate`: stands in for one that is not at hand."""

    rings: Shape
    synthetic: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class GridFact:
    """An invented grid of a village, numbered within its town."""

    code: str
    village: str
    town: str
    name: str
    short_name: str


@dataclass
class Layout:
    """Shapes by first code, and the grids."""

    shapes: dict[str, PlacedShape] = field(default_factory=dict)
    grids: list[GridFact] = field(default_factory=list)


def lay_out(declared: DeclaredAreas, progress: Callable[[int, int], None]) -> Layout:
    """Shapes of the city, its districts and zones and, when grids are declared, of everything below.

    Only the statutory districts of today are cut: their parts tile them exactly. progress(done, total) counts them.
    """
    layout = Layout()
    if declared.declaration.boundaries is None:
        return layout
    history = declared.history
    city = next(code for code, area in history.areas.items() if area.level == Level.CITY)
    districts = history.under(city, Tree.STATUTORY)
    geometries = _district_geometries(declared)
    for code, (geometry, approximate) in geometries.items():
        layout.shapes[code] = PlacedShape(boundaries.rings(geometry), approximate=approximate)
    whole = boundaries.union([geometries[code][0] for code in districts])
    layout.shapes[city] = PlacedShape(boundaries.rings(whole), approximate=True)
    if declared.declaration.grids is not None:
        counts = _grids_per_village(history, districts, declared.declaration.grids.total)
        for done, district in enumerate(districts):
            progress(done, len(districts))
            _cut_district(layout, history, district, counts)
        progress(len(districts), len(districts))
        _join_zones(layout, history, history.under(city, Tree.GOVERNING))
    return layout


def _district_geometries(declared: DeclaredAreas) -> dict[str, tuple[Any, bool]]:
    fitted = boundaries.fit_together(declared.outlines)
    unions = declared.declaration.boundaries.unions if declared.declaration.boundaries else []
    found = {code: (geometry, False) for code, geometry in fitted.items()}
    for union in unions:
        found[union.code] = boundaries.union([fitted[code] for code in union.of]), union.approximate
    return found


def _grids_per_village(history: History, districts: list[str], total: int) -> dict[str, int]:
    villages = [
        village
        for district in districts
        for town in history.under(district, Tree.STATUTORY)
        for village in history.under(town, Tree.STATUTORY)
    ]
    return dict(zip(villages, spread(total, len(villages)), strict=True))


def _cut_district(layout: Layout, history: History, district: str, counts: dict[str, int]) -> None:
    # Towns governed by the same zone stand together, so that the zone is drawn in one piece.
    order = sorted(history.under(district, Tree.STATUTORY), key=lambda town: (_governed_here(history, town), town))
    towns = {town: villages for town in order if (villages := history.under(town, Tree.STATUTORY))}
    if not towns:
        return
    weighed = [(town, sum(counts[village] for village in villages)) for town, villages in towns.items()]
    for town, town_shape in slice_by_weight(layout.shapes[district].rings, weighed):
        layout.shapes[town] = PlacedShape(town_shape, synthetic=True)
        serial = 0
        parts = [(village, counts[village]) for village in towns[town]]
        for village, village_shape in slice_by_weight(town_shape, parts):
            layout.shapes[village] = PlacedShape(village_shape, synthetic=True)
            numbers = [(number, 1) for number in range(1, counts[village] + 1)]
            for number, shape in slice_by_weight(village_shape, numbers):
                serial += 1
                code = f"{village}{number:0{SERIAL_DIGITS}d}"
                layout.shapes[code] = PlacedShape(shape, synthetic=True)
                name = f"{history.areas[town].short_name}{grid_name(serial)}"
                layout.grids.append(GridFact(code, village, town, name, grid_name(serial)))


def _governed_here(history: History, town: str) -> bool:
    governing = history.standing.get((town, Tree.GOVERNING))
    return governing is not None and governing.parent == history.standing[town, Tree.STATUTORY].parent


def _join_zones(layout: Layout, history: History, districts: list[str]) -> None:
    """A zone without an outline of its own gets that of its towns, which are invented."""
    for district in districts:
        towns = [town for town in history.under(district, Tree.GOVERNING) if town in layout.shapes]
        if district not in layout.shapes and towns:
            rings = [ring for town in towns for ring in layout.shapes[town].rings]
            layout.shapes[district] = PlacedShape(boundaries.rings(boundaries.geometry_of(rings)), synthetic=True)
