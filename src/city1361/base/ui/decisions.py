"""How components are worked out: remaining time in words, the process strip and the place map as coordinates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians

from city1361.base.ui.terms import Flow, PlaceMap

type_of_ring = Sequence[tuple[float, float]]

NODE_WIDTH, NODE_HEIGHT, GAP, LOOP_ROOM = 84, 30, 26, 30
MAP_WIDTH, MAP_HEIGHT = 400, 220
INSET_WIDTH, INSET_HEIGHT = 92, 72


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

    @property
    def middle(self) -> float:
        return self.x + NODE_WIDTH / 2

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


def strip(flow: Flow) -> Strip:
    """Lay out a process strip: stations in a row, loops above and below by turns, each on its own track."""
    above, below = flow.loops[::2], flow.loops[1::2]
    top = LOOP_ROOM * len(above) + (8 if above else 2)
    stations = [
        Station(position * (NODE_WIDTH + GAP) + 1, top, node.name, node.mark)
        for position, node in enumerate(flow.nodes)
    ]
    middle = top + NODE_HEIGHT / 2
    lines = []
    for left, right in zip(stations, stations[1:], strict=False):
        done = left.mark == "past" and right.mark in ("past", "now")
        start, end = left.x + NODE_WIDTH, right.x
        lines.append(Line(f"M{start:g} {middle:g}H{end - 6:g}", _arrow(end, middle, "right"), done))
    for track, (source, target, words) in enumerate(above):
        y = top - 12 - LOOP_ROOM * track
        lines.append(_loop(stations[source], stations[target], top, y, "down", words, 12 * (track + 1)))
    for track, (source, target, words) in enumerate(below):
        y = top + NODE_HEIGHT + 12 + LOOP_ROOM * track
        lines.append(_loop(stations[source], stations[target], top + NODE_HEIGHT, y, "up", words, 12 * (track + 1)))
    height = top + NODE_HEIGHT + LOOP_ROOM * len(below) + (8 if below else 2)
    return Strip(len(stations) * (NODE_WIDTH + GAP) - GAP + 2, height, stations, lines)


def _loop(source: Station, target: Station, edge: float, y: float, direction: str, words: str, shift: float) -> Line:
    end = edge - 6 if direction == "down" else edge + 6
    entry = target.middle + shift
    path = f"M{source.middle:g} {edge:g}V{y:g}H{entry:g}V{end:g}"
    text_y = y - 5 if direction == "down" else y + 14
    return Line(path, _arrow(entry, edge, direction), False, True, words, (source.middle + entry) / 2, text_y)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A place map as SVG paths within MAP_WIDTH × MAP_HEIGHT, and the inset with the whole outline."""

    outline: Sequence[str]
    cells: Sequence[str]
    own: Sequence[str]
    pin: tuple[float, float] | None
    inset: Sequence[str] = ()
    inset_pin: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    """Degrees to pixels: equirectangular around the middle, the same scale in both directions."""

    west: float
    north: float
    scale: float
    flat: float

    def at(self, point: tuple[float, float]) -> tuple[float, float]:
        longitude, latitude = point
        return (longitude - self.west) * self.scale * self.flat, (self.north - latitude) * self.scale

    def path(self, ring: type_of_ring) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(self.at, ring)) + "Z"


def _around(points: Iterable[tuple[float, float]], width: float, height: float, margin: float) -> _Window:
    """The window that shows all points with a margin (a part of the size on every side)."""
    listed = list(points)
    longitudes, latitudes = [x for x, _ in listed], [y for _, y in listed]
    middle = (min(latitudes) + max(latitudes)) / 2
    flat = cos(radians(middle))
    span_x = max((max(longitudes) - min(longitudes)) * flat, 1e-4)
    span_y = max(max(latitudes) - min(latitudes), 1e-4)
    scale = min(width / span_x, height / span_y) / (1 + 2 * margin)
    west = (min(longitudes) + max(longitudes)) / 2 - width / scale / flat / 2
    return _Window(west, middle + height / scale / 2, scale, flat)


def _close_by(ring: type_of_ring, window: _Window) -> bool:
    return any(-MAP_WIDTH < x < 2 * MAP_WIDTH and -MAP_HEIGHT < y < 2 * MAP_HEIGHT for x, y in map(window.at, ring))


def draw(place: PlaceMap) -> Drawing | None:
    """Draw a place: its own cells large, what lies around them, the pin; the whole outline small in a corner.

    Returns None when there is nothing to draw. Without own cells the whole outline is shown large.
    """
    whole = [point for ring in place.outline for point in ring]
    near = [point for ring in place.own for point in ring] + ([place.point] if place.point else [])
    if not near and not whole:
        return None
    if place.own or not whole:
        large = _around(near, MAP_WIDTH, MAP_HEIGHT, 0.75)
    else:
        large = _around(whole, MAP_WIDTH, MAP_HEIGHT, 0.06)
    small = _around(whole, INSET_WIDTH, INSET_HEIGHT, 0.08) if place.own and whole else None
    return Drawing(
        outline=[large.path(ring) for ring in place.outline],
        cells=[large.path(ring) for ring in place.cells if _close_by(ring, large)],
        own=[large.path(ring) for ring in place.own],
        pin=large.at(place.point) if place.point else None,
        inset=[small.path(ring) for ring in place.outline] if small else (),
        inset_pin=small.at(place.point) if small and place.point else None,
    )
