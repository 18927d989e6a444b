"""Reads of areas. They are public facts: nobody's scope narrows them. `on` is a day; without it, today in the city."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, CharField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import get_default_timezone

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.models import Area, AreaChange, AreaCode, AreaLineage
from city1361.platform.assurance.standards.areas.terms import AreaBrief, AreaKind, ChangeKind, Lineage, Tree


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What happened to an area: who it was, where it was, where it went. Any of the ends may be open."""

    kind: ChangeKind
    area: AreaBrief
    origin: AreaBrief | None
    destination: AreaBrief | None
    on: date
    source: str
    approximate: bool


def today() -> date:
    """The day it is in the city."""
    return clock.now().astimezone(get_default_timezone()).date()


def _valid(on: date, prefix: str = "") -> Q:
    begun = Q(**{f"{prefix}valid_from__lte": on})
    return begun & (Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gt": on}))


def _coded(on: date) -> QuerySet[Any]:
    """Areas with the code of the day, or, where none is valid any more, the last they bore."""
    codes = AreaCode.objects.filter(area=OuterRef("pk"))
    current = codes.filter(_valid(on)).order_by("-valid_from").values("code")[:1]
    last = codes.order_by("-valid_from").values("code")[:1]
    code = Coalesce(Subquery(current), Subquery(last), Value(""), output_field=CharField())
    return Area.objects.annotate(code=code).order_by("code")


def _brief(area: Any) -> AreaBrief:
    return AreaBrief(
        area.id, Level(area.level), AreaKind(area.kind), area.code, area.name, area.short_name, area.synthetic
    )


def area(area_id: UUID, on: date | None = None) -> AreaBrief:
    """The area with this id. Raises Missing."""
    found = _coded(on or today()).filter(pk=area_id).first()
    if found is None:
        raise Missing()
    return _brief(found)


def areas(ids: Collection[UUID], on: date | None = None) -> dict[UUID, AreaBrief]:
    """Those of `ids` that exist, in one query."""
    return {found.id: _brief(found) for found in _coded(on or today()).filter(pk__in=ids)}


def by_code(code: str, on: date | None = None) -> AreaBrief:
    """The area that bore `code` on a day. Raises Missing when none did."""
    day = on or today()
    held = AreaCode.objects.filter(_valid(day), code=code).values("area_id")[:1]
    found = _coded(day).filter(pk__in=held).first()
    if found is None:
        raise Missing("area_unknown", "没有代码为“{code}”的区域", params={"code": code})
    return _brief(found)


def city() -> AreaBrief:
    """The one city of this installation. Raises Missing while no instance is loaded."""
    found = _coded(today()).filter(level=Level.CITY).first()
    if found is None:
        raise Missing("no_instance", "尚未载入城市实例", remedy="请运行 city1361 instance load")
    return _brief(found)


def children(area_id: UUID, tree: str = Tree.GOVERNING, on: date | None = None) -> list[AreaBrief]:
    """The areas right below one, in the order of their codes."""
    day = on or today()
    placed = _valid(day, "placements__") & Q(placements__parent=area_id, placements__tree=tree)
    return [_brief(found) for found in _coded(day).filter(placed)]


def find(q: str, level: str = "", under: UUID | None = None, limit: int = 20) -> list[AreaBrief]:
    """Areas of today whose short name holds `q` or whose code begins with it, the higher levels first.

    `under` narrows to what stands below a district, town or village.
    """
    text = q.strip()
    rows = AreaLineage.objects.filter(Q(area__short_name__contains=text) | Q(code__startswith=text))
    if level:
        rows = rows.filter(level=level)
    if under is not None:
        rows = rows.filter(Q(district_id=under) | Q(town_id=under) | Q(village_id=under))
    rank = Case(*(When(level=level, then=rank) for rank, level in enumerate(Level)))
    ids = list(rows.order_by(rank, "code").values_list("area_id", flat=True)[:limit])
    found = areas(ids)
    return [found[area_id] for area_id in ids]


def lineages(ids: Collection[UUID]) -> dict[UUID, Lineage]:
    """What stands above each of `ids` in the governing tree of today, in two queries whatever their number."""
    rows = list(AreaLineage.objects.filter(area_id__in=ids))
    above = {row: [row.city_id, row.district_id, row.town_id, row.village_id, row.grid_id] for row in rows}
    briefs = areas({area_id for path in above.values() for area_id in path if area_id})
    return {
        row.area_id: Lineage(briefs[row.city_id], *(briefs.get(area_id) if area_id else None for area_id in path[1:]))
        for row, path in above.items()
    }


def lineage(area_id: UUID) -> Lineage:
    """The area and everything above it. Raises Missing when it does not stand in the governing tree today."""
    found = lineages([area_id])
    if area_id not in found:
        raise Missing()
    return found[area_id]


def locate(lon: float, lat: float) -> list[Lineage]:
    """The grids that hold a GCJ-02 point: none outside the city, two or more on an edge. Raises Invalid for a point
    that is nowhere on earth."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Invalid("bad_point", "经纬度超出范围", where="lon,lat", remedy="经度应在±180之间，纬度应在±90之间")
    with connection.cursor() as cursor:
        # The index knows boxes only; `@>` then decides by the ring itself. The edge belongs to both neighbours.
        cursor.execute(
            "select distinct area_id from platform_areas_areashape"
            " where level = 'grid' and ring && polygon(box(point(%s, %s), point(%s, %s))) and ring @> point(%s, %s)",
            [lon, lat] * 3,
        )
        ids = [row[0] for row in cursor.fetchall()]
    found = lineages(ids)
    return sorted(found.values(), key=lambda place: place.lowest.code)


def subtree_counts(area_id: UUID | None = None, on: date | None = None) -> dict[str, int]:
    """How many areas of each level stand below one (the city when None) in the governing tree, itself left out."""
    source = "platform_areas_arealineage" if on is None else "city1361_area_lineage_on(%(on)s)"
    where = "" if area_id is None else "and %(area)s in (city_id, district_id, town_id, village_id)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"select level, count(*) from {source} where level <> 'city' {where} group by level",  # noqa: S608
            {"on": on, "area": area_id},
        )
        counted = dict(cursor.fetchall())
    if area_id is not None:
        own = Area.objects.filter(pk=area_id).values_list("level", flat=True).first()
        if own in counted:
            counted[own] -= 1
    return {level.value: counted.get(level.value, 0) for level in Level if level != Level.CITY}


def changes(area_id: UUID) -> list[ChangeView]:
    """What happened to an area, and what it did to others, oldest first."""
    touched = Q(area=area_id) | Q(origin=area_id) | Q(destination=area_id)
    rows = list(AreaChange.objects.filter(touched).order_by("on", "kind", "area__name"))
    named = areas({end for row in rows for end in (row.area_id, row.origin_id, row.destination_id) if end})
    return [
        ChangeView(
            ChangeKind(row.kind),
            named[row.area_id],
            named[row.origin_id] if row.origin_id else None,
            named[row.destination_id] if row.destination_id else None,
            row.on,
            row.source,
            row.approximate,
        )
        for row in rows
    ]
