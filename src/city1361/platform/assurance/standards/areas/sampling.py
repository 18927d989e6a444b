"""A sample of grids with a point inside each: where synthetic things of the demonstration can stand."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

# The middle of a ring may lie outside it: then the grid is left out.
_SAMPLE = """
SELECT l.city_id, l.district_id, l.town_id, l.village_id, l.area_id, t.code,
       (point(s.ring))[0], (point(s.ring))[1]
FROM platform_areas_arealineage l
JOIN platform_areas_arealineage t ON t.area_id = l.town_id
JOIN platform_areas_areashape s ON s.area_id = l.area_id AND s.place = 0
WHERE l.level = 'grid' AND %(under)s IN (l.city_id, l.district_id, l.town_id, l.village_id)
  AND s.ring @> point(s.ring)
ORDER BY md5(l.area_id::text || %(salt)s) LIMIT %(count)s
"""


@dataclass(frozen=True, slots=True)
class GridPoint:
    """A grid of today, all above it, its town's code, and a point inside it (GCJ-02 degrees)."""

    city: UUID
    district: UUID
    town: UUID
    village: UUID | None
    grid: UUID
    town_code: str
    lon: float
    lat: float


def sample_grids(under: UUID, count: int, salt: str) -> list[GridPoint]:
    """At most `count` grids below an area; the same ones for the same `salt` while the areas stay the same."""
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {"under": under, "count": count, "salt": salt})
        return [GridPoint(*row) for row in cursor.fetchall()]
