"""Places for the phone: my own grid, a position turned into grids, and choosing by name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.platform.assurance.standards.areas import api as areas

MOST = 60


@dataclass(frozen=True, slots=True)
class Place:
    """An area by the name people use for it. grid: it can be reported for."""

    id: UUID
    name: str
    path: str
    grid: bool


def own_grid(scope: Scope) -> Place | None:
    """The grid of somebody who has exactly one."""
    grids = [area.id for area in scope.areas if area.level is Level.GRID]
    return grid(grids[0]) if len(grids) == 1 else None


def grid(area_id: UUID) -> Place:
    """A grid. Raises Missing for another kind of area, or none."""
    lineage = areas.lineage(area_id)
    if lineage.grid is None or lineage.grid.id != area_id:
        raise Missing()
    return _grid_place(lineage)


def _grid_place(lineage: areas.Lineage) -> Place:
    lowest = lineage.lowest
    return Place(lowest.id, str(lineage), str(lineage), True)


def at(lon: float, lat: float) -> list[Place]:
    """The grids at a position of the phone (WGS-84 degrees): none outside the city, several on an edge."""
    return [_grid_place(lineage) for lineage in areas.locate(*to_map(lon, lat))]


def choices(area_id: UUID | None, q: str) -> tuple[list[Place], list[Place]]:
    """The way down to an area (below the city) and what can be chosen there; with `q` what is called so.

    Raises Missing for an unknown area.
    """
    if q:
        found = areas.find(q, limit=MOST)
        lineages = areas.lineages([area.id for area in found if area.level is not Level.CITY])
        named = sorted(
            lineages.values(), key=lambda lineage: (list(Level).index(lineage.lowest.level), lineage.lowest.code)
        )
        return [], [_found(lineage) for lineage in named]
    root = areas.city()
    here = area_id or root.id
    trail = _trail(areas.lineage(here)) if here != root.id else []
    below = areas.children(here)
    lineages = areas.lineages([area.id for area in below if area.level is Level.GRID])
    return trail, [_child(area, lineages) for area in below]


@dataclass(frozen=True, slots=True)
class Cell:
    """One area that can be tapped on the map: its outline, and the place it stands for."""

    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class Chart:
    """The choices as a map: width and height in its own units."""

    width: float
    height: float
    cells: tuple[Cell, ...]
    synthetic: bool


def chart(area_id: UUID | None, offered: list[Place]) -> Chart | None:
    """The offered areas below one as a map; None where there is nothing to draw."""
    places = {place.id: place for place in offered}
    try:
        drawn = areas.outline_of_children(area_id or areas.city().id)
    except Missing:
        return None
    cells = tuple(Cell(one.path, places[one.area.id]) for one in drawn.outlines if one.area.id in places)
    return Chart(drawn.frame.width, drawn.frame.height, cells, any(one.synthetic for one in drawn.outlines))


def _trail(lineage: areas.Lineage) -> list[Place]:
    above = [area for area in (lineage.district, lineage.town, lineage.village) if area]
    return [Place(area.id, area.short_name, area.short_name, False) for area in above]


def _child(area: areas.AreaBrief, lineages: dict[UUID, areas.Lineage]) -> Place:
    lineage = lineages.get(area.id)
    return Place(area.id, area.short_name, str(lineage) if lineage else area.name, area.level is Level.GRID)


def _found(lineage: areas.Lineage) -> Place:
    lowest = lineage.lowest
    names = [area.short_name for area in (lineage.district, lineage.town, lineage.village, lineage.grid) if area]
    return Place(lowest.id, "·".join(names), str(lineage), lowest.level is Level.GRID)


def coordinates(lon: str, lat: str) -> tuple[float, float] | None:
    """Text of a form as WGS-84 degrees; None when both are empty. Raises Invalid."""
    if not lon and not lat:
        return None
    try:
        return float(lon), float(lat)
    except ValueError as error:
        raise Invalid("bad_point", "经纬度无法识别", where="lon,lat", remedy="请重新定位，或选择所在网格") from error


def to_map(lon: float, lat: float) -> tuple[float, float]:
    """WGS-84 as the phone measures it, to GCJ-02 as maps and shapes are kept."""
    return areas.wgs84_to_gcj02(lon, lat)
