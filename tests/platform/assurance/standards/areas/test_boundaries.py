"""Outlines as they come are repaired without losing land."""

from __future__ import annotations

import pytest
import shapely

from city1361.platform.assurance.standards.areas import boundaries


def test_a_ring_that_touches_itself_keeps_its_area() -> None:
    bow = shapely.Polygon([(0, 0), (4, 0), (4, 4), (2, 4), (2, 2), (2, 4), (0, 4)])
    assert not bow.is_valid
    repaired = boundaries.repair(bow)
    assert repaired.is_valid
    assert repaired.area == pytest.approx(16)


def test_neighbours_end_without_overlap_and_the_smaller_keeps_the_strip() -> None:
    small, large = shapely.box(0, 0, 1.1, 1), shapely.box(1, 0, 5, 1)
    fitted = boundaries.fit_together({"large": large, "small": small})
    assert fitted["small"].area == pytest.approx(1.1)
    assert fitted["small"].intersection(fitted["large"]).area == 0
    assert fitted["small"].union(fitted["large"]).area == pytest.approx(5)


def test_a_gap_between_neighbours_goes_to_the_longer_border() -> None:
    west = shapely.Polygon([(0, 0), (2, 0), (2, 1), (1.95, 1.5), (2, 2), (2, 3), (0, 3)])
    east = shapely.box(2, 0, 5, 3)
    fitted = boundaries.fit_together({"west": west, "east": east})
    whole = fitted["west"].union(fitted["east"])
    assert whole.area == pytest.approx(15)
    assert fitted["west"].area == pytest.approx(6, abs=1e-6)


def test_a_large_hole_is_somebody_elses_land() -> None:
    around = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 3, 3))
    assert boundaries.fit_together({"around": around})["around"].area == pytest.approx(12)


def test_rings_come_back_as_the_same_geometry() -> None:
    geometry = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2)).union(shapely.box(6, 0, 7, 1))
    assert boundaries.geometry_of(boundaries.rings(geometry)).equals(geometry)
