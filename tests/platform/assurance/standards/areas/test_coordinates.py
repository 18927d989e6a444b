"""GCJ-02 and WGS-84."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.platform.assurance.standards.areas.decisions import gcj02_to_wgs84, metres_between, wgs84_to_gcj02

CITY_CENTRE = (106.5507, 29.5647)
# Pairs printed side by side in public documents of map providers: WGS-84, GCJ-02.
KNOWN = [((116.404, 39.915), (116.41024449916938, 39.91640428150164))]


def test_the_two_systems_stand_about_480_metres_apart_in_the_city() -> None:
    assert metres_between(CITY_CENTRE, wgs84_to_gcj02(*CITY_CENTRE)) == pytest.approx(480, abs=10)


@pytest.mark.parametrize(("satellite", "published"), KNOWN)
def test_a_known_pair_is_met(satellite: tuple[float, float], published: tuple[float, float]) -> None:
    assert metres_between(wgs84_to_gcj02(*satellite), published) < 0.1
    assert metres_between(gcj02_to_wgs84(*published), satellite) < 0.1


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_there_and_back_is_less_than_a_metre(lon: float, lat: float) -> None:
    assert metres_between((lon, lat), gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))) < 1
    assert metres_between((lon, lat), wgs84_to_gcj02(*gcj02_to_wgs84(lon, lat))) < 1


def test_points_outside_china_are_left_alone() -> None:
    assert wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert gcj02_to_wgs84(2.35, 48.85) == (2.35, 48.85)


def test_a_degree_of_latitude_is_about_111_kilometres() -> None:
    assert metres_between((106, 29), (106, 30)) == pytest.approx(111_195, abs=1)
