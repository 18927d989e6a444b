"""The shipped city: the numbers that are published, the change of 2025-11-06, sources and licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely
from django.db import transaction

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.areas import boundaries, slicing
from city1361.platform.assurance.standards.areas.checking import DeclaredAreas, read_areas
from city1361.platform.assurance.standards.areas.layout import Layout, lay_out
from city1361.platform.assurance.standards.areas.models import Area
from city1361.platform.assurance.standards.areas.terms import Tree
from city1361.platform.assurance.standards.identifiers import api as identifiers
from city1361.platform.assurance.standards.instance import api as instance
from city1361.platform.assurance.standards.organisations.expanding import read_organisations

FOLDER = Path(__file__).parents[2] / "instances" / "chongqing"
LICENCES = {"MIT", "Apache-2.0", "facts", "public domain"}
ABOLISHED, FOUNDED = {"500105": "江北区", "500112": "渝北区"}, ("500157", "两江新区")
TO_THE_NEW = {"水土街道", "复兴街道", "蔡家岗街道", "施家梁镇", "童家溪镇"}
TO_BEIBEI = {"大湾镇", "统景镇", "大盛镇", "兴隆镇", "茨竹镇"}
DAY = date(2025, 11, 6)


@pytest.fixture(scope="module")
def declared() -> DeclaredAreas:
    return read_areas(FOLDER)


@pytest.fixture(scope="module")
def layout(declared: DeclaredAreas) -> Layout:
    return lay_out(declared, lambda done, total: None)


def test_nothing_is_wrong_with_the_folder() -> None:
    assert [str(problem) for problem in instance.check(FOLDER)] == []


def test_every_file_has_a_source_and_a_licence_and_the_terms_stand_beside_it() -> None:
    for file in instance.declaration(FOLDER).files:
        assert file.source
        assert file.licence in LICENCES
        if file.licence in ("MIT", "Apache-2.0") and "npm" in file.source:
            assert "Copyright" in (FOLDER / file.licence_file).read_text("utf-8")


def test_the_division_of_2023_and_the_roll_up_of_today(declared: DeclaredAreas) -> None:
    history = declared.history
    city = "500000"
    levels = Counter(area.level.value for code, area in history.areas.items() if code.isdigit())
    assert levels == {"city": 1, "district": 39, "town": 1031, "village": 11270}  # 38 of 2023 and the one of 2025
    statutory, governing = (history.under(city, tree) for tree in (Tree.STATUTORY, Tree.GOVERNING))
    assert (len(statutory), len(governing)) == (37, 39)
    towns = [town for district in governing for town in history.under(district, Tree.GOVERNING)]
    villages = [village for town in towns for village in history.under(town, Tree.GOVERNING)]
    assert (len(towns), len(set(towns)), len(villages)) == (1031, 1031, 11270)


def test_the_towns_that_changed_on_the_day(declared: DeclaredAreas) -> None:
    history = declared.history
    moved: dict[tuple[str | None, str | None], set[str]] = {}
    for change in history.changes.values():
        if change.kind == areas.ChangeKind.TRANSFERRED:
            assert change.on == DAY
            assert change.approximate
            moved.setdefault((change.origin, change.destination), set()).add(history.areas[change.area].name)
    assert moved["500109", "500157"] == TO_THE_NEW
    assert moved["500112", "500109"] == TO_BEIBEI
    assert {code: history.codes[code].ends for code in ABOLISHED} == dict.fromkeys(ABOLISHED, DAY)
    assert history.codes["500157"].begins == DAY
    assert len(history.under("500157", Tree.STATUTORY)) == 12 + 30 - 5 + 5
    assert len(history.under("500109", Tree.STATUTORY)) == 17 - 5 + 5


def test_zones_govern_towns_of_other_districts(declared: DeclaredAreas) -> None:
    history = declared.history
    wansheng = history.under("ZONE-WS", Tree.GOVERNING)
    assert len(wansheng) == 10
    assert {history.standing[town, Tree.STATUTORY].parent for town in wansheng} == {"500110"}
    high_tech = history.under("ZONE-GX", Tree.GOVERNING)
    assert "西永街道" in {history.areas[town].name for town in high_tech}
    assert {history.standing[town, Tree.STATUTORY].parent for town in high_tech} == {"500106", "500107"}
    assert all(history.standing[town, Tree.GOVERNING].approximate for town in (*wansheng, *high_tech))
    assert not any(identifiers.division_code_valid(code) for code in ("ZONE-WS", "ZONE-GX", "ZONE-LJ"))


def test_every_division_code_is_well_formed(declared: DeclaredAreas) -> None:
    codes = [code for code in declared.history.areas if not code.startswith("ZONE")]
    assert [code for code in codes if not identifiers.division_code_valid(code)] == []


def test_outdated_names_and_codes_of_the_boundary_file_are_corrected(declared: DeclaredAreas) -> None:
    assert {"500155", "500156"} <= declared.outlines.keys()
    assert not {"500228", "500232"} & declared.outlines.keys()
    assert [declared.history.areas[code].name for code in ("500155", "500156")] == ["梁平区", "武隆区"]


def test_outlines_are_repaired_and_fitted_without_losing_land(declared: DeclaredAreas, layout: Layout) -> None:
    fitted = boundaries.fit_together(declared.outlines)
    for code, outline in declared.outlines.items():
        assert outline.is_valid
        assert fitted[code].is_valid
        assert fitted[code].area == pytest.approx(outline.area, rel=0.005)
    geometries = list(fitted.values())
    tree = shapely.STRtree(geometries)
    overlaps = [
        geometries[i].intersection(geometries[j]).area
        for i, j in zip(*tree.query(geometries, predicate="intersects"), strict=True)
        if i < j
    ]
    assert max(overlaps) < 1e-8
    assert layout.shapes["500157"].approximate
    union = slicing.shape_area(layout.shapes["500157"].rings)
    assert union == pytest.approx(fitted["500105"].area + fitted["500112"].area, rel=1e-6)


def test_62000_synthetic_grids_tile_the_districts(declared: DeclaredAreas, layout: Layout) -> None:
    assert len(layout.grids) == len({grid.code for grid in layout.grids}) == 62000
    assert all(layout.shapes[grid.code].synthetic for grid in layout.grids)
    per_village = Counter(Counter(grid.village for grid in layout.grids).values())
    assert set(per_village) == {5, 6}
    parents = {town: fact.parent for (town, tree), fact in declared.history.standing.items() if tree == Tree.STATUTORY}
    areas_of = Counter[str]()
    for grid in layout.grids:
        areas_of[parents[grid.town]] += slicing.shape_area(layout.shapes[grid.code].rings)  # type: ignore[assignment]
    for district in declared.history.under("500000", Tree.STATUTORY):
        whole = slicing.shape_area(layout.shapes[district].rings)
        assert areas_of[district] == pytest.approx(whole, rel=1e-6)


def test_grids_of_one_district_neither_overlap_nor_leave_gaps(declared: DeclaredAreas, layout: Layout) -> None:
    towns = set(declared.history.under("500103", Tree.STATUTORY))
    polygons = [
        shapely.Polygon(ring) for grid in layout.grids if grid.town in towns for ring in layout.shapes[grid.code].rings
    ]
    whole = shapely.union_all([shapely.Polygon(ring) for ring in layout.shapes["500103"].rings])
    together = shapely.union_all(polygons)
    assert all(polygon.is_valid for polygon in polygons)
    assert sum(polygon.area for polygon in polygons) == pytest.approx(together.area, rel=1e-9)
    assert whole.difference(together).buffer(-1e-7).is_empty


def test_organisations_follow_the_areas() -> None:
    _, facts = read_organisations(FOLDER)
    standing = [fact for fact in facts if fact.area.ends is None]
    centres = Counter(fact.area.level.value for fact in standing if fact.template.kind == "command_centre")
    assert centres == {"city": 1, "district": 39, "town": 1031}
    assert {fact.area.code for fact in facts} - {fact.area.code for fact in standing} == {*ABOLISHED, "ZONE-LJ"}
    assert len({fact.uscc for fact in facts}) == len(facts)
    assert all(identifiers.unified_social_credit_valid(fact.uscc) and fact.synthetic for fact in facts)


@pytest.fixture
def loaded(db: None) -> Iterator[areas.AreaBrief]:
    """The areas of the city beside those of the tests' own, taken back afterwards."""
    with clock.frozen(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)), transaction.atomic():
        areas.load_areas(FOLDER)
        yield areas.by_code("500000")
        transaction.set_rollback(True)


def test_the_loaded_city_answers_for_each_day(loaded: areas.AreaBrief) -> None:
    assert areas.subtree_counts(loaded.id) == {"district": 39, "town": 1031, "village": 11270, "grid": 62000}
    assert areas.subtree_counts(loaded.id, on=date(2024, 1, 1))["district"] == 41
    for code, name in ABOLISHED.items():
        assert areas.by_code(code, on=date(2024, 1, 1)).name == name
        with pytest.raises(Missing):
            areas.by_code(code, on=DAY)
    with pytest.raises(Missing):
        areas.by_code(FOUNDED[0], on=date(2024, 1, 1))
    assert areas.by_code(FOUNDED[0]).name == FOUNDED[1]

    town = areas.by_code("500106017")
    lineage = areas.lineage(town.id)
    assert lineage.district is not None
    assert (town.name, lineage.district.short_name) == ("西永街道", "高新区")
    grid = areas.find("第017网格", under=areas.by_code("500103005").id)[0]
    found = areas.locate(*_middle(grid.id))
    assert [str(place).split("·")[::2] for place in found] == [["上清寺街道", "第017网格"]]
    assert len(areas.outline_of_children(loaded.id).outlines) == 39

    before = Area.objects.count()
    assert "改动0行" in areas.load_areas(FOLDER)
    assert Area.objects.count() == before


def _middle(area_id: object) -> tuple[float, float]:
    from city1361.platform.assurance.standards.areas.models import AreaShape

    ring = AreaShape.objects.get(area_id=area_id, place=0).ring
    point = shapely.Polygon(ring).representative_point()
    return point.x, point.y
