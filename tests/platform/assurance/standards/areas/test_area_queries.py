"""Reads of areas, on the tiny city."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.areas.models import AreaLineage, AreaShape

pytestmark = pytest.mark.django_db

BEFORE, AFTER = date(2025, 2, 28), date(2025, 3, 1)


def test_a_code_means_what_it_meant_on_the_day() -> None:
    assert areas.by_code("119903", BEFORE).name == "旧港区"
    with pytest.raises(Missing):
        areas.by_code("119903", AFTER)
    with pytest.raises(Missing, match="119999"):
        areas.by_code("119999")


def test_an_ended_area_is_still_known_by_its_id_and_last_code() -> None:
    old = areas.by_code("119903", BEFORE)
    assert areas.area(old.id).code == "119903"


def test_an_unknown_id_is_missing() -> None:
    with pytest.raises(Missing):
        areas.area(uuid4())
    with pytest.raises(Missing):
        areas.lineage(uuid4())


def test_children_follow_the_tree_and_the_day() -> None:
    city = areas.city()
    assert [child.code for child in areas.children(city.id)] == ["119901", "119902", "ZONE-HT"]
    assert [child.code for child in areas.children(city.id, "statutory")] == ["119901", "119902"]
    assert [child.code for child in areas.children(city.id, "statutory", BEFORE)] == ["119901", "119902", "119903"]
    west = areas.by_code("119902")
    assert [child.name for child in areas.children(west.id)] == ["样板镇"]
    assert [child.name for child in areas.children(west.id, "statutory")] == ["样板镇", "范例乡"]


def test_a_lineage_follows_the_governing_tree() -> None:
    lineage = areas.lineage(areas.by_code("119902200201").id)
    assert lineage.district is not None
    assert lineage.district.kind == areas.AreaKind.DEVELOPMENT_ZONE
    assert [lineage.town.name, lineage.village.short_name, lineage.grid] == ["范例乡", "竹林社区", None]  # type: ignore[union-attr]
    assert str(lineage) == "范例乡·竹林社区"
    assert lineage.lowest.code == "119902200201"


def test_an_area_that_ended_stands_in_no_lineage() -> None:
    with pytest.raises(Missing):
        areas.lineage(areas.by_code("119903", BEFORE).id)


def test_counts_go_down_the_governing_tree() -> None:
    assert areas.subtree_counts() == {"district": 3, "town": 5, "village": 10, "grid": 55}
    east = areas.by_code("119901")
    assert areas.subtree_counts(east.id) == {"district": 0, "town": 3, "village": 6, "grid": 33}
    assert areas.subtree_counts(on=BEFORE)["district"] == 4
    town = areas.by_code("119901001")
    assert areas.subtree_counts(town.id) == {"district": 0, "town": 0, "village": 2, "grid": 11}


def _inside(code: str) -> tuple[float, float]:
    ring = AreaShape.objects.get(area__codes__code=code, place=0).ring
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def test_a_point_is_in_one_grid() -> None:
    code = "119901001001002"
    found = areas.locate(*_inside(code))
    assert [place.lowest.code for place in found] == [code]
    assert found[0].grid is not None
    assert found[0].grid.synthetic


def test_a_point_on_an_edge_is_in_two_grids() -> None:
    # The cut between two grids is straight: the middle of an edge that both rings have lies in both.
    rings = {
        shape.area_id: set(zip(shape.ring, (*shape.ring[1:], shape.ring[0]), strict=True))
        for shape in AreaShape.objects.filter(level="grid")
    }
    edges = {edge: area for area, ring in rings.items() for edge in ring}
    (a, b), area = next((edge, area) for edge, area in edges.items() if (edge[1], edge[0]) in edges)
    found = areas.locate((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    assert len(found) == 2
    assert area in {place.lowest.id for place in found}


def test_a_point_outside_the_city_is_nowhere() -> None:
    assert areas.locate(100.0, 20.0) == []


@pytest.mark.parametrize(("lon", "lat"), [(181.0, 30.0), (110.0, -91.0), (float("nan"), 30.0), (110.0, float("inf"))])
def test_a_point_that_is_nowhere_on_earth_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(Invalid) as refused:
        areas.locate(lon, lat)
    assert refused.value.where == "lon,lat"


def test_every_point_of_the_city_is_in_some_grid() -> None:
    west, south, east, north = 110.0, 30.0, 110.2, 30.1
    for i in range(1, 20):
        for j in range(1, 10):
            lon, lat = west + (east - west) * i / 20, south + (north - south) * j / 10
            districts = _districts_at(lon, lat)
            assert bool(areas.locate(lon, lat)) == bool(districts)


def _districts_at(lon: float, lat: float) -> list[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select area_id from platform_areas_areashape where level = 'city' and ring @> point(%s, %s)", [lon, lat]
        )
        return [row[0] for row in cursor.fetchall()]


def test_areas_are_found_by_name_and_code_the_higher_levels_first() -> None:
    assert [found.name for found in areas.find("样板")] == ["样板镇"]
    assert [found.level for found in areas.find("119901001", limit=4)] == [
        Level.TOWN, Level.VILLAGE, Level.VILLAGE, Level.GRID,
    ]  # fmt: skip
    town = areas.by_code("119901002")
    assert [found.code[:9] for found in areas.find("第001网格", under=town.id)] == ["119901002"]
    assert areas.find("没有这个地方") == []


def test_a_change_tells_where_from_and_where_to() -> None:
    changes = areas.changes(areas.by_code("119903", BEFORE).id)
    told = {(change.kind.value, change.area.name, change.destination.name) for change in changes if change.destination}
    assert told == {("abolished", "旧港区", "东城区"), ("transferred", "港湾街道", "东城区")}
    assert {change.approximate for change in changes if change.kind == areas.ChangeKind.TRANSFERRED} == {True}


def test_the_flat_tree_says_what_holds_on_the_day_it_was_rebuilt() -> None:
    assert areas.rebuild_lineage() == 0
    with clock.frozen(datetime(2025, 2, 28, 15, 59, tzinfo=UTC)):
        assert areas.rebuild_lineage() > 0
        assert AreaLineage.objects.filter(level="district").count() == 4
    with clock.frozen(datetime(2025, 2, 28, 16, 0, tzinfo=UTC)):  # midnight in the city
        areas.rebuild_lineage()
        assert AreaLineage.objects.filter(level="district").count() == 3


def test_an_outline_is_drawn_true_to_scale() -> None:
    drawn = areas.outline_of_children(areas.city().id, width=800)
    assert [shape.area.code for shape in drawn.outlines] == ["119901", "119902", "ZONE-HT"]
    assert [shape.synthetic for shape in drawn.outlines] == [False, False, True]
    assert [shape.approximate for shape in drawn.outlines] == [True, False, False]
    assert all(shape.path.startswith("M") and shape.path.endswith("Z") for shape in drawn.outlines)
    frame = drawn.frame
    west, north = frame.place(frame.west, frame.north), frame.place(frame.east, frame.south)
    assert west == (0, 0)
    assert north == (800, frame.height)
    across = areas.metres_between((frame.west, 30.05), (frame.east, 30.05)) / frame.width
    down = areas.metres_between((110.1, frame.south), (110.1, frame.north)) / frame.height
    assert across == pytest.approx(down, rel=0.001)


def test_a_village_shows_its_grids_and_a_grid_has_nothing_below() -> None:
    village = areas.by_code("119901001001")
    grids = areas.children(village.id)
    assert len(areas.outline_of_children(village.id).outlines) == len(grids)
    assert areas.outline(grids[0].id).outlines[0].synthetic
    with pytest.raises(Missing):
        areas.outline_of_children(grids[0].id)
