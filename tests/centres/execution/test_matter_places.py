"""From what a reporter says of the place to the grid: outside, on an edge, chosen."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection

from city1361.base.kernel.errors import Invalid
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db


def rings() -> list[list[tuple[float, float]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ring::text FROM platform_areas_areashape WHERE level = 'grid' ORDER BY area_id LIMIT 40")
        texts = [row[0] for row in cursor.fetchall()]
    return [[tuple(map(float, pair.split(","))) for pair in text.strip("()").split("),(")] for text in texts]  # type: ignore[misc]


def grids_at(lon: float, lat: float) -> int:
    from city1361.platform.assurance.standards.areas import api as areas

    return len(areas.locate(lon, lat))


def a_point_on_an_edge() -> tuple[float, float]:
    """The middle of the side of a ring that two or more grids share."""
    for ring in rings():
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            middle = (ax + bx) / 2, (ay + by) / 2
            if grids_at(*middle) > 1:
                return middle
    raise AssertionError("no two grids of the tiny city touch")


def a_point_inside() -> tuple[float, float]:
    for ring in rings():
        middle = sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
        if grids_at(*middle) == 1:
            return middle
    raise AssertionError("no grid of the tiny city holds its own middle")


def test_a_point_inside_one_grid_finds_it() -> None:
    lon, lat = a_point_inside()
    matter = matters.reported(area_id=None, lon=lon, lat=lat)
    assert matter.place.grid is not None
    assert (matter.place.lon, matter.place.lat) == (lon, lat)


def test_a_point_on_an_edge_asks_which_grid_is_meant() -> None:
    lon, lat = a_point_on_an_edge()
    with pytest.raises(Invalid) as caught:
        matters.reported(area_id=None, lon=lon, lat=lat)
    problem = caught.value
    assert (problem.code, problem.where) == ("location_ambiguous", "area_id")
    choices = problem.params["choices"]
    assert len(choices) >= 2
    matter = matters.reported(area_id=UUID(choices[1]["id"]), lon=lon, lat=lat)
    assert str(matter.place.grid.id if matter.place.grid else "") == str(choices[1]["id"])


def test_a_chosen_grid_must_hold_the_point() -> None:
    lon, lat = a_point_inside()
    from city1361.platform.assurance.standards.areas import api as areas

    (place,) = areas.locate(lon, lat)
    other = next(
        brief
        for brief in (areas.by_code(matters.GRID), areas.by_code(matters.SIBLING_GRID))
        if brief and place.grid and brief.id != place.grid.id
    )
    with pytest.raises(Invalid) as caught:
        matters.reported(area_id=other.id, lon=lon, lat=lat)
    assert caught.value.code == "location_mismatch"
    assert caught.value.params["choices"] == [{"id": str(place.lowest.id), "name": str(place)}]


def test_the_town_around_the_point_is_no_contradiction() -> None:
    lon, lat = a_point_inside()
    from city1361.platform.assurance.standards.areas import api as areas

    (place,) = areas.locate(lon, lat)
    assert place.town is not None
    matter = matters.reported(area_id=place.town.id, lon=lon, lat=lat)
    assert matter.place.grid is not None


def test_a_village_alone_is_enough() -> None:
    matter = matters.reported(area_id=matters.grid("119901001001"))
    assert matter.place.village is not None
    assert matter.place.grid is None
    assert matter.place.short == matter.place.village.name
