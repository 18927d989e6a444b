"""Outlines drawn on the server: an SVG path per area, simplified to what a screen can show."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import shapely

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.areas.models import AreaShape
from city1361.platform.assurance.standards.areas.queries import area, children
from city1361.platform.assurance.standards.areas.terms import AreaBrief, AreaKind, Frame, Outline, OutlineMap

FINEST = 0.6  # units of the drawing: less than a pixel is not drawn
MARGIN = 0.02  # of the longer side, around the drawing


def outline(area_id: UUID, width: int = 640) -> OutlineMap:
    """One area, `width` units wide. Raises Missing for an area without a shape."""
    return _draw([area(area_id)], width)


def outline_of_children(area_id: UUID, width: int = 640) -> OutlineMap:
    """The areas right below one in the governing tree, in one frame. Raises Missing when none has a shape."""
    below = children(area_id)
    return _draw(sorted(below, key=lambda brief: brief.kind == AreaKind.DEVELOPMENT_ZONE), width)


def _draw(briefs: Sequence[AreaBrief], width: int) -> OutlineMap:
    shapes: dict[UUID, list[AreaShape]] = defaultdict(list)
    for shape in AreaShape.objects.filter(area_id__in=[brief.id for brief in briefs]).order_by("area_id", "place"):
        shapes[shape.area_id].append(shape)
    if not shapes:
        raise Missing()
    frame = frame_around([ring for rows in shapes.values() for row in rows for ring in row.ring], width)
    outlines = tuple(
        Outline(
            brief,
            _path([row.ring for row in shapes[brief.id]], frame),
            synthetic=any(row.synthetic for row in shapes[brief.id]),
            approximate=any(row.approximate for row in shapes[brief.id]),
        )
        for brief in briefs
        if brief.id in shapes
    )
    return OutlineMap(frame, outlines)


def frame_around(points: Sequence[tuple[float, float]], width: int) -> Frame:
    """The window that shows all points, `width` units wide, true to scale at its middle latitude."""
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    margin = max(east - west, north - south, 1e-6) * MARGIN
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    height = width * (north - south) / ((east - west) * math.cos(math.radians((south + north) / 2)))
    return Frame(west, south, east, north, float(width), round(height, 1))


def _path(rings: Sequence[Any], frame: Frame) -> str:
    """`M x y L …Z` per ring. A ring too small to see stays as a dot of its own, so that no area vanishes."""
    parts = []
    for ring in rings:
        drawn = shapely.LinearRing([frame.place(x, y) for x, y in ring])
        points = shapely.get_coordinates(drawn.simplify(FINEST))[:-1]
        parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
    return "".join(parts)
