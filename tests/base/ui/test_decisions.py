"""Spans, strips and windows are worked out without Django."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from city1361.base.ui import decisions
from city1361.base.ui.terms import Flow, FlowNode, PlaceMap, Sketch, SketchShape

FLOW = Flow(
    [FlowNode("上报", "past"), FlowNode("受理", "past"), FlowNode("处置", "now"), FlowNode("核查"), FlowNode("办结")],
    [(4, 2, "没解决"), (3, 2, "返工"), (4, 1, "重来")],
)


@pytest.mark.parametrize(
    ("minutes", "day", "expected"),
    [
        (8, 480, (0, 0, 8)),
        (112, 480, (0, 1, 52)),
        (1140, 480, (2, 3, 0)),
        (-42, 480, (0, 0, 42)),
        (1500, 1440, (1, 1, 0)),
    ],
)
def test_a_span_is_cut_into_days_hours_and_minutes(minutes: int, day: int, expected: tuple[int, int, int]) -> None:
    cut = decisions.span(minutes, day)
    assert (cut.days, cut.hours, cut.minutes) == expected


def test_stations_stand_in_a_row_without_touching() -> None:
    drawn = decisions.strip(FLOW)
    for left, right in zip(drawn.stations, drawn.stations[1:], strict=False):
        assert right.x - (left.x + decisions.NODE_WIDTH) >= decisions.GAP
    assert drawn.stations[-1].x + decisions.NODE_WIDTH < drawn.width


def test_only_connections_that_were_walked_are_past() -> None:
    straight = [line for line in decisions.strip(FLOW).lines if not line.loop]
    assert [line.past for line in straight] == [True, True, False, False]


def test_each_loop_runs_from_its_station_into_the_earlier_one_and_inside_the_drawing() -> None:
    drawn = decisions.strip(FLOW)
    loops = [line for line in drawn.lines if line.loop]
    assert sorted(line.words for line in loops) == sorted(words for _, _, words in FLOW.loops)
    for source, target, words in FLOW.loops:
        line = next(one for one in loops if one.words == words)
        x, _, y, end = re.fullmatch(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V.*", line.path).groups()  # type: ignore[union-attr]
        assert float(x) == drawn.stations[source].middle
        assert drawn.stations[target].x < float(end) < drawn.stations[target].x + decisions.NODE_WIDTH
        assert 0 < float(y) < drawn.height
        assert 0 < line.y < drawn.height


def test_loops_on_one_side_keep_tracks_of_their_own() -> None:
    loops = [line for line in decisions.strip(FLOW).lines if line.loop]
    assert len({line.y for line in loops}) == len(loops)


def test_the_pin_stands_in_the_middle_of_what_is_seen() -> None:
    sketch = Sketch(640, 900, [SketchShape("M0 0L640 0L640 900Z")], pin=(100, 200))
    drawing = decisions.draw(PlaceMap(sketch))
    assert drawing is not None
    x, y, width, height = drawing.view
    assert (x + width / 2, y + height / 2) == (100, 200)
    assert width / height == pytest.approx(decisions.MAP_WIDTH / decisions.MAP_HEIGHT, rel=0.01)


def test_without_a_pin_the_own_shape_is_in_the_middle() -> None:
    own = SketchShape("M10 10L30 10L30 50L10 50Z", own=True)
    drawing = decisions.draw(PlaceMap(Sketch(640, 900, [SketchShape("M0 0L640 900Z"), own])))
    assert drawing is not None
    x, y, width, height = drawing.view
    assert (x + width / 2, y + height / 2) == pytest.approx((20, 30), abs=0.1)


def test_without_pin_and_own_shape_everything_is_seen() -> None:
    drawing = decisions.draw(PlaceMap(Sketch(640, 900, [SketchShape("M0 0L640 900Z")])))
    assert drawing is not None
    x, y, width, height = drawing.view
    assert x <= 0
    assert y <= 0
    assert x + width >= 640
    assert y + height >= 900


def test_without_shapes_nothing_is_drawn() -> None:
    assert decisions.draw(PlaceMap(None)) is None


def test_the_own_shape_is_seen_whole_with_room_around_it() -> None:
    own = SketchShape("M-10 0.5L300 2.5L300 400Z", own=True)
    drawing = decisions.draw(PlaceMap(Sketch(640, 900, [own])))
    assert drawing is not None
    x, y, width, height = drawing.view
    assert x < -10
    assert y < 0.5
    assert x + width > 300
    assert y + height > 400


def test_a_station_is_as_wide_as_its_name_in_the_language_of_the_page() -> None:
    names = ["Report", "Admission", "Designate the responsible unit", *(["x"] * (len(FLOW.nodes) - 3))]
    drawn = decisions.strip(FLOW, names[: len(FLOW.nodes)])
    for one in drawn.stations:
        assert one.width >= decisions.words_width(one.name)
    for left, right in pairwise(drawn.stations):
        assert right.x - (left.x + left.width) == decisions.GAP
    assert drawn.width > decisions.strip(FLOW).width
