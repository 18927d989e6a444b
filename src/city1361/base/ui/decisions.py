"""How components are worked out: remaining time, the process strip, the window of a place map. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from city1361.base.ui.terms import Flow, PlaceMap

NODE_WIDTH, NODE_HEIGHT, GAP, LOOP_ROOM = 84, 30, 26, 30
MAP_WIDTH, MAP_HEIGHT = 400, 220
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of working time: days of `day` minutes, hours, minutes."""

    days: int
    hours: int
    minutes: int


def span(minutes: int, day: int) -> Span:
    """Cut `minutes` (taken without sign) into working days of `day` minutes, hours and minutes."""
    days, rest = divmod(abs(minutes), day)
    return Span(days, *divmod(rest, 60))


@dataclass(frozen=True, slots=True)
class Station:
    x: float
    y: float
    name: str
    mark: str
    width: float = NODE_WIDTH

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def base(self) -> float:
        """Where the name's letters stand."""
        return self.y + 20


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn connection: SVG path, the end of its arrow, its words and where they stand."""

    path: str
    head: str
    past: bool = False
    loop: bool = False
    words: str = ""
    x: float = 0
    y: float = 0


@dataclass(frozen=True, slots=True)
class Strip:
    width: float
    height: float
    stations: Sequence[Station]
    lines: Sequence[Line]


def _arrow(x: float, y: float, direction: str) -> str:
    points = {"right": "-7,-3.5 -7,3.5", "down": "-3.5,-7 3.5,-7", "up": "-3.5,7 3.5,7"}[direction]
    return " ".join(["0,0", *points.split()]) + f"|{x:g} {y:g}"


def words_width(text: str) -> float:
    """About how wide letters of 13 units are drawn: a Chinese sign is a square, others a little over half of one."""
    return sum(13.2 if ord(sign) > 0x2E7F else 7.6 for sign in text)


def strip(flow: Flow, names: Sequence[str] = ()) -> Strip:
    """Lay out a process strip: stations in a row, loops above and below by turns, each on its own track.

    names: what the stations are called in the language of the page; each is as wide as its name needs.
    """
    above, below = flow.loops[::2], flow.loops[1::2]
    top = LOOP_ROOM * len(above) + (8 if above else 2)
    stations: list[Station] = []
    for node, name in zip(flow.nodes, names or [node.name for node in flow.nodes], strict=True):
        left_edge = stations[-1].x + stations[-1].width + GAP if stations else 1
        stations.append(Station(left_edge, top, name, node.mark, max(NODE_WIDTH, round(words_width(name) + 18))))
    middle = top + NODE_HEIGHT / 2
    lines = []
    for left, right in pairwise(stations):
        done = left.mark == "past" and right.mark in ("past", "now")
        start, end = left.x + left.width, right.x
        lines.append(Line(f"M{start:g} {middle:g}H{end - 6:g}", _arrow(end, middle, "right"), done))
    lines += [_loop(stations, loop, track, upward=True) for track, loop in enumerate(above)]
    lines += [_loop(stations, loop, track, upward=False) for track, loop in enumerate(below)]
    height = top + NODE_HEIGHT + LOOP_ROOM * len(below) + (8 if below else 2)
    width = stations[-1].x + stations[-1].width + 1 if stations else 2
    return Strip(width, height, stations, lines)


def _loop(stations: Sequence[Station], loop: tuple[int, int, str], track: int, *, upward: bool) -> Line:
    """A way back: out of its station, along its own track above or below, into the earlier station."""
    source, target, words = stations[loop[0]], stations[loop[1]], loop[2]
    away = -1 if upward else 1
    edge = source.y if upward else source.y + NODE_HEIGHT
    y = edge + away * (12 + LOOP_ROOM * track)
    entry = target.middle + 12 * (track + 1)
    path = f"M{source.middle:g} {edge:g}V{y:g}H{entry:g}V{edge + away * 6:g}"
    head = _arrow(entry, edge, "down" if upward else "up")
    return Line(path, head, False, True, words, (source.middle + entry) / 2, y - 5 if upward else y + 14)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A place map ready to be written: what part of the sketch is seen, how large its marks are, and the inset."""

    view: tuple[float, float, float, float]
    scale: float
    place: PlaceMap
    inset_view: tuple[float, float, float, float] | None


def draw(place: PlaceMap) -> Drawing | None:
    """Choose what is seen of a place map: the pin in the middle, the own shape whole. None without any shape."""
    if not place.main:
        return None
    sketch = place.main
    own = _box([shape.path for shape in sketch.shapes if shape.own])
    middle = sketch.pin or _middle(own)
    width = _roomy(own) if own else sketch.width
    height = width * MAP_HEIGHT / MAP_WIDTH
    if middle is None:
        height = max(height, sketch.height)
        width = height * MAP_WIDTH / MAP_HEIGHT
        middle = (sketch.width / 2, sketch.height / 2)
    view = (round(middle[0] - width / 2, 1), round(middle[1] - height / 2, 1), round(width, 1), round(height, 1))
    inset = (0.0, 0.0, place.inset.width, place.inset.height) if place.inset else None
    return Drawing(view, round(width / MAP_WIDTH, 3), place, inset)


type_of_box = tuple[float, float, float, float]


def _box(paths: Sequence[str]) -> type_of_box | None:
    """Left, top, right, bottom of SVG paths made of M, L and Z; None without any point."""
    numbers = [float(text) for path in paths for text in _NUMBER.findall(path)]
    if not numbers:
        return None
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _middle(box: type_of_box | None) -> tuple[float, float] | None:
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) if box else None


def _roomy(box: type_of_box) -> float:
    """A width in which the box is whole, with as much again around it."""
    left, top, right, bottom = box
    return max(right - left, (bottom - top) * MAP_WIDTH / MAP_HEIGHT, 1.0) * 2
