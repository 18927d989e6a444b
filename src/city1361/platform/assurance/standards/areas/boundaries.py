"""District outlines made usable: rings repaired, neighbours fitted together, holes opened. Pure, with shapely.

All coordinates are rounded to 1e-7 degree, so that what is stored, drawn and cut is the same to the last bit.
"""

from __future__ import annotations

from typing import Any

import shapely
from shapely import Geometry, Polygon

from city1361.platform.assurance.standards.areas.slicing import Ring, Shape

PRECISION = 1e-7  # degrees
LARGEST_GAP = 0.02  # of the neighbour that gets it: larger holes are somebody else's land, not a misfit


def repair(geometry: Geometry) -> Geometry:
    """The same area with valid rings. Lines and points left over by a repair are dropped."""
    valid = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    return shapely.set_precision(valid, PRECISION)


def fit_together(shapes: dict[str, Geometry]) -> dict[str, Geometry]:
    """Neighbours without overlaps (the smaller area keeps the strip) and without gaps between them (the neighbour
    with the longest common border gets it), so that a point inside the city lies in one district."""
    fitted: dict[str, Geometry] = {}
    for code in sorted(shapes, key=lambda code: (shapes[code].area, code)):
        taken = [other for other in fitted.values() if other.intersects(shapes[code])]
        rest = shapely.difference(shapes[code], shapely.union_all(taken), grid_size=PRECISION)
        fitted[code] = _areas_only(rest)
    for gap in _gaps(fitted):
        neighbour = _best_neighbour(gap, fitted)
        if neighbour and gap.area < LARGEST_GAP * fitted[neighbour].area:
            fitted[neighbour] = _areas_only(shapely.union(fitted[neighbour], gap, grid_size=PRECISION))
    return {code: fitted[code] for code in shapes}


def _gaps(shapes: dict[str, Geometry]) -> list[Polygon]:
    whole = shapely.union_all(list(shapes.values()), grid_size=PRECISION)
    return [Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]


def _best_neighbour(gap: Polygon, shapes: dict[str, Geometry]) -> str | None:
    shared = {
        code: shapely.intersection(shape.boundary, gap.boundary).length
        for code, shape in shapes.items()
        if shape.intersects(gap)
    }
    return max(sorted(shared), key=lambda code: shared[code], default=None)


def union(shapes: list[Geometry]) -> Geometry:
    return _areas_only(shapely.union_all(shapes, grid_size=PRECISION))


def _areas_only(geometry: Geometry) -> Geometry:
    polygons = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def rings(geometry: Geometry) -> Shape:
    """The parts as rings without holes, counter-clockwise, largest first. A part with a hole is cut through it."""
    whole: list[Polygon] = []
    waiting = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]
    while waiting:
        part = waiting.pop()
        if part.interiors:
            waiting += _cut_through_a_hole(part)
        else:
            whole.append(part)
    whole.sort(key=lambda part: (-part.area, part.bounds))
    return [_ring(part) for part in whole]


def _cut_through_a_hole(part: Polygon) -> list[Any]:
    west, south, east, north = part.bounds
    hole = part.interiors[0].bounds
    middle = round((hole[0] + hole[2]) / 2, 7)
    halves = shapely.box(west - 1, south - 1, middle, north + 1), shapely.box(middle, south - 1, east + 1, north + 1)
    pieces = shapely.get_parts(shapely.intersection(part, list(halves), grid_size=PRECISION))
    return [piece for piece in pieces if piece.geom_type == "Polygon"]


def _ring(part: Polygon) -> Ring:
    ring = shapely.orient_polygons(part).exterior
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(ring)[:-1]]


def geometry_of(shape: Shape) -> Geometry:
    """The opposite of `rings`: one geometry of all rings, their common edges dissolved."""
    return union([Polygon(ring) for ring in shape])
