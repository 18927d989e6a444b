"""What the declarations of the tiny city say of each day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.checking import DeclaredAreas, read_areas
from city1361.platform.assurance.standards.areas.layout import lay_out
from city1361.platform.assurance.standards.areas.terms import ChangeKind, Tree
from tests.platform.assurance.standards.areas.test_slicing import assert_tiles

TINY = Path(__file__).parents[5] / "instances" / "tiny"
DAY = date(2025, 3, 1)


@pytest.fixture(scope="module")
def declared() -> DeclaredAreas:
    return read_areas(TINY)


def test_the_two_trees_differ_where_a_zone_governs(declared: DeclaredAreas) -> None:
    history = declared.history
    assert history.under("119900", Tree.STATUTORY) == ["119901", "119902"]
    assert history.under("119900", Tree.GOVERNING) == ["119901", "119902", "ZONE-HT"]
    assert history.under("ZONE-HT", Tree.GOVERNING) == ["119902200"]
    assert "119902200" in history.under("119902", Tree.STATUTORY)


def test_an_abolished_district_gives_its_towns_away_on_the_day(declared: DeclaredAreas) -> None:
    history = declared.history
    moved = [fact for fact in history.placements if fact.area == "119903001" and fact.tree == Tree.GOVERNING]
    assert [(fact.parent, fact.begins, fact.ends) for fact in sorted(moved, key=lambda fact: fact.begins)] == [
        ("119903", date(2023, 6, 30), DAY),
        ("119901", DAY, None),
    ]
    assert history.codes["119903"].ends == DAY
    assert history.changes["119903", ChangeKind.ABOLISHED, DAY].destination == "119901"
    assert history.changes["119903001", ChangeKind.TRANSFERRED, DAY].origin == "119903"


def test_what_a_change_leaves_open_is_marked_approximate(declared: DeclaredAreas) -> None:
    assert declared.history.codes["119903001"].approximate
    assert not declared.history.codes["119901001"].approximate


def test_a_zone_keeps_its_towns_when_their_district_changes(declared: DeclaredAreas) -> None:
    assert declared.history.standing["119902200", Tree.GOVERNING].begins == date(2023, 6, 30)


def test_grids_tile_the_districts_of_today_exactly(declared: DeclaredAreas) -> None:
    layout = lay_out(declared, lambda done, total: None)
    assert len(layout.grids) == 55
    for district in ("119901", "119902"):
        towns = declared.history.under(district, Tree.STATUTORY)
        grids = [layout.shapes[grid.code].rings for grid in layout.grids if grid.town in towns]
        assert_tiles(layout.shapes[district].rings, grids)


def test_grids_are_marked_synthetic_and_numbered_within_their_town(declared: DeclaredAreas) -> None:
    layout = lay_out(declared, lambda done, total: None)
    assert all(layout.shapes[grid.code].synthetic for grid in layout.grids)
    of_town = [grid for grid in layout.grids if grid.town == "119901001"]
    assert [grid.short_name for grid in of_town] == [f"第{number:03d}网格" for number in range(1, len(of_town) + 1)]
    assert of_town[0].code == "119901001001001"
    assert of_town[-1].code.startswith("119901001002")


def test_a_union_is_marked_approximate_and_a_zone_synthetic(declared: DeclaredAreas) -> None:
    layout = lay_out(declared, lambda done, total: None)
    assert layout.shapes["119901"].approximate
    assert layout.shapes["ZONE-HT"].synthetic
    assert not layout.shapes["119902"].synthetic
    assert declared.history.areas["119900"].level == Level.CITY
