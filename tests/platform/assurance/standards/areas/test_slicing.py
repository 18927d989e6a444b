"""Parts tile the whole exactly, whatever its shape."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.platform.assurance.standards.areas import boundaries, slicing

# A comb: cut across its teeth, one part falls into several rings.
COMB = [(0.0, 0.0), (7.0, 0.0), (7.0, 5.0), (6.0, 5.0), (6.0, 1.0), (4.0, 1.0), (4.0, 5.0), (3.0, 5.0), (3.0, 1.0)]
COMB += [(1.0, 1.0), (1.0, 5.0), (0.0, 5.0)]


def star(angles: list[float], radii: list[float]) -> list[tuple[float, float]]:
    """A ring around (110, 30) that never crosses itself, whatever the radii."""
    return [
        (round(110 + r * math.cos(a), 7), round(30 + r * math.sin(a), 7)) for a, r in zip(angles, radii, strict=True)
    ]


@st.composite
def rings(draw: st.DrawFn) -> list[tuple[float, float]]:
    count = draw(st.integers(3, 24))
    angles = [2 * math.pi * i / count for i in range(count)]
    radii = draw(st.lists(st.floats(0.01, 0.5), min_size=count, max_size=count))
    return star(angles, radii)


def assert_tiles(shape: slicing.Shape, parts: list[slicing.Shape]) -> None:
    polygons = [shapely.Polygon(ring) for part in parts for ring in part]
    assert all(polygon.is_valid for polygon in polygons)
    whole = shapely.union_all([shapely.Polygon(ring) for ring in shape])
    assert sum(polygon.area for polygon in polygons) == pytest.approx(whole.area, rel=1e-5)
    tree = shapely.STRtree(polygons)
    for i, polygon in enumerate(polygons):
        for j in tree.query(polygon, predicate="intersects"):
            if i < j:
                assert polygon.intersection(polygons[j]).area < 1e-10 * whole.area
    # Rounding to 1e-7 degree moves the outer edge by centimetres at most: nothing is lost inside.
    lost = whole.difference(shapely.union_all(polygons))
    assert lost.buffer(-1e-6).is_empty


@settings(deadline=None, max_examples=60)
@given(rings(), st.lists(st.integers(1, 9), min_size=1, max_size=40))
def test_parts_of_any_shape_tile_it_without_gaps_or_overlaps(
    ring: list[tuple[float, float]], weights: list[int]
) -> None:
    shape = [ring]
    parts = dict(slicing.slice_by_weight(shape, list(enumerate(weights))))
    assert list(parts) == list(range(len(weights)))
    assert_tiles(shape, list(parts.values()))


def test_parts_are_as_large_as_their_weights_ask() -> None:
    parts = dict(slicing.slice_by_weight([COMB], [("a", 1), ("b", 2), ("c", 5)]))
    total = slicing.shape_area([COMB])
    for key, share in (("a", 1 / 8), ("b", 2 / 8), ("c", 5 / 8)):
        assert slicing.shape_area(parts[key]) / total == pytest.approx(share, rel=0.02)


def test_a_cut_through_several_teeth_gives_several_rings_and_no_sliver_between() -> None:
    below, above = slicing.cut([COMB], 1, 3.0)
    assert len(below) == 1
    assert len(above) == 3
    assert slicing.shape_area(below) + slicing.shape_area(above) == pytest.approx(slicing.shape_area([COMB]))


def test_neighbours_share_their_edge_to_the_last_bit() -> None:
    below, above = slicing.cut([COMB], 0, 3.3333333)
    on_the_cut = [{point for ring in side for point in ring if point[0] == 3.3333333} for side in (below, above)]
    assert on_the_cut[0] == on_the_cut[1] != set()


def test_the_same_input_gives_the_same_parts() -> None:
    asked = [(number, 1) for number in range(50)]
    assert list(slicing.slice_by_weight([COMB], asked)) == list(slicing.slice_by_weight([COMB], asked))


@given(rings(), st.floats(0.05, 0.95))
def test_the_area_below_a_line_is_what_the_cut_leaves_there(ring: list[tuple[float, float]], share: float) -> None:
    least, _, most, _ = slicing.bounds([ring])
    limit = slicing.free_limit([ring], 0, least + (most - least) * share)
    below, _ = slicing.cut([ring], 0, limit)
    assert slicing.area_below([ring], 0, limit) == pytest.approx(slicing.shape_area(below), rel=1e-3, abs=1e-8)


def test_a_hole_is_opened_before_cutting() -> None:
    around = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    opened = boundaries.rings(around)
    assert len(opened) == 2
    parts = dict(slicing.slice_by_weight(opened, [(i, 1) for i in range(7)]))
    assert_tiles(opened, list(parts.values()))
    middle = shapely.Point(1.5, 1.5)
    assert not any(shapely.Polygon(ring).contains(middle) for part in parts.values() for ring in part)
