"""A wall in the words, addresses and shapes of its page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.kernel.scope import Level
from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterRow
from city1361.centres.situation import addresses, presentation
from city1361.centres.situation.answers import AreaFigure, FigureView
from city1361.centres.situation.declaring import declared
from city1361.centres.situation.terms import FigureUnit
from city1361.centres.situation.wall import METRICS, STAGES, Wall
from city1361.platform.assurance.standards.areas import api as areas

STEPS = 5
METRIC_LABELS = {"reported_count": "今日上报", "in_hand": "在办", "overdue": "超时"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the wall: where it is explained, with its rows. detail is empty for visitors."""

    code: str
    label: str
    value: str
    detail: str
    note: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """An area below, or a type: its number, how dark it is drawn (0 to 4), where it leads."""

    name: str
    value: str
    shade: int
    address: str
    late: int = 0
    path: str = ""
    x: float = 0
    y: float = 0
    shown: bool = True

    @property
    def short(self) -> str:
        """As a map says it."""
        return areas.map_name(self.name)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the latest matters. For visitors it is a type in an area."""

    at: str
    title: str
    place: str
    unit: str
    state: str
    late: bool
    address: str


def page(found: Wall, *, visitors: bool, period: str) -> dict[str, Any]:
    """Everything the template draws."""
    level, state = found.area.level, _kept(found, visitors, period)
    spots = _spots(found, state)
    numbers = {
        one.code: _number(one, found, visitors)
        for board in (found.today, found.rates, found.stock)
        for one in board.figures
    }
    return {
        "wall": found,
        "title": found.stock.figures[0].responsible or found.area.name,
        "trail": [(one.name, address(_code(found, one), state)) for one in found.today.trail],
        "n": numbers,
        "first": [numbers[code] for code in ("reported_count", "filed_count", "closed_count")],
        "pair": [numbers[code] for code in ("closing", "solution")],
        "now": [numbers[code] for code in ("in_hand", "overdue", "shelved_stock")],
        "rates": [numbers[code] for code in ("on_time_closing", "satisfaction", "rework")],
        "stages": [(_(name), [numbers[code] for code in codes]) for name, codes in STAGES],
        "spots": spots,
        "rivers": _rivers(found),
        "total": sum(one.value or 0 for one in found.spread),
        "legend": _legend(found.spread),
        "lens": _lens(found, spots),
        "late": _late(found, state, visitors),
        "latest": [_shown(one, level, visitors) for one in found.latest],
        "bars": _bars(found, visitors),
        "crowd": "few" if len(found.spread) <= 15 else "many" if len(found.spread) > 30 else "",
        "cards": _cards(found, visitors),
        "metrics": [
            (_(METRIC_LABELS[one]), address(found.area.code, {**state, "map": one}), one == found.metric)
            for one in METRICS
        ],
        "metric_label": _(METRIC_LABELS[found.metric]),
        "level": level.value,
        "visitors": visitors,
        "visitor_switch": address(found.area.code, {**state, "visitors": "" if visitors else "1"}),
        "own": address(found.area.code, state),
        "period": execution.period_words(found.rates.period),
        "moment": ui.moment_words(found.moment),
        "attribution": _attribution(found),
    }


def _attribution(found: Wall) -> str:
    """What stands beside the map: a sketch, never an approved map, and where its rivers come from."""
    if not found.drawing:
        return ""
    said, sources = _("示意图，不作为划界依据"), "、".join(dict.fromkeys(one.source for one in found.rivers))
    return said + (_("；河流为概略走向（{sources}）").format(sources=sources) if sources else "")


def _rivers(found: Wall) -> list[str]:
    """The path of each, as a curve through the middles of its pieces: the data know corners only."""
    if found.drawing is None:
        return []
    drawn = []
    for one in found.rivers:
        points = [found.drawing.frame.place(x, y) for x, y in one.points]
        middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in itertools.pairwise(points)]
        turns = zip(points[1:], middles[1:], strict=False)
        curve = "".join(f"Q{x:.1f} {y:.1f} {to_x:.1f} {to_y:.1f}" for (x, y), (to_x, to_y) in turns)
        drawn.append(f"M{middles[0][0]:.1f} {middles[0][1]:.1f}{curve}")
    return drawn


def address(code: str, state: dict[str, str]) -> str:
    """A wall in an address."""
    kept = urlencode({name: value for name, value in state.items() if value})
    return reverse("wall_area", args=[code]) + (f"?{kept}" if kept else "")


def _kept(found: Wall, visitors: bool, period: str) -> dict[str, str]:
    metric = found.metric if found.metric != METRICS[0] else ""
    return {"map": metric, "visitors": "1" if visitors else "", "period": period}


def _code(found: Wall, place: Any) -> str:
    return found.area.code if place.id == found.area.id else areas.area(place.id).code


def _number(one: FigureView, found: Wall, visitors: bool) -> Number:
    board = next(board for board in (found.today, found.rates, found.stock) if one in board.figures)
    rate = one.unit is FigureUnit.PERCENT
    notes = [f"{one.fraction.numerator:,}/{one.fraction.denominator:,}"] if rate else []
    if one.before is not None:
        notes.append(_("剔除前{before}").format(before=presentation.value_words(one.before, one.unit)))
    detail = "" if visitors else addresses.one(declared()[one.code], board.area.id, board.period)
    return Number(
        one.code,
        _(one.label),
        presentation.value_words(one.value, one.unit).removesuffix("%"),
        detail,
        _("，").join(notes),
        one.correction is not None,
    )


def _shades(found: Sequence[AreaFigure]) -> list[float]:
    """Where the shades part: even parts of the areas that have any."""
    values = sorted({one.value or 0 for one in found if one.value})
    return [values[len(values) * step // STEPS] for step in range(1, STEPS)] if len(values) >= STEPS else values[1:]


def _shade(value: float, limits: Sequence[float]) -> int:
    return sum(value >= limit for limit in limits) if value else 0


def _legend(found: Sequence[AreaFigure]) -> list[tuple[int, str]]:
    limits = [int(one) for one in _shades(found)]
    if not limits:
        return []
    words = [_("不足{most}").format(most=limits[0])]
    words += [f"{low}–{high - 1}" if high - 1 > low else f"{low}" for low, high in itertools.pairwise(limits)]
    return list(enumerate([*words, _("{least}及以上").format(least=limits[-1])]))


def _spots(found: Wall, state: dict[str, str]) -> list[Spot]:
    limits = _shades(found.spread)
    late = {one.key: int(one.value or 0) for one in found.late}
    paths = {str(one.area.id): one.path for one in found.drawing.outlines} if found.drawing else {}
    central = {str(one) for row in found.lens[1] for one in row} if found.lens else set()
    codes = {str(area): code for area, code in found.codes.items()}
    made = []
    for one in found.spread:
        x, y = _middle(paths.get(one.key, ""))
        rows = "" if state["visitors"] else one.address
        to = address(codes[one.key], state) if one.key in codes else rows
        shade = _shade(one.value or 0, limits)
        made.append(
            Spot(one.name, f"{one.value or 0:,}", shade, to, late.get(one.key, 0), paths.get(one.key, ""), x, y,
                 one.key not in central)
        )  # fmt: skip
    return made


def _middle(path: str) -> tuple[float, float]:
    """Where the name stands: well inside the largest ring of an outline."""
    rings = [re.findall(r"[-\d.]+ [-\d.]+", ring) for ring in path.split("Z")]
    polygons = [
        shapely.Polygon([tuple(map(float, point.split())) for point in ring]) for ring in rings if len(ring) >= 3
    ]
    if not polygons:
        return 0, 0
    largest = max(polygons, key=lambda one: one.area)
    middle = largest.centroid if largest.contains(largest.centroid) else largest.representative_point()
    return round(middle.x, 1), round(middle.y, 1)


def _lens(found: Wall, spots: Sequence[Spot]) -> dict[str, Any] | None:
    if found.lens is None:
        return None
    by_key = {one.key: spot for one, spot in zip(found.spread, spots, strict=True)}
    rows = [[by_key[str(area)] for area in row if str(area) in by_key] for row in found.lens[1]]
    return {"name": found.lens[0], "rows": rows} if any(rows) else None


def _late(found: Wall, state: dict[str, str], visitors: bool) -> list[dict[str, Any]]:
    most = max((one.value or 0 for one in found.late), default=0)
    codes = {str(area): code for area, code in found.codes.items()}
    return [
        {
            "name": one.name,
            "value": one.value,
            "share": round(100 * (one.value or 0) / most),
            "rows": "" if visitors else one.address,
            "to": address(codes[one.key], state) if one.key in codes else "",
        }
        for one in found.late
    ]


def _shown(one: MatterRow, level: Level, visitors: bool) -> Shown:
    tag = execution.STATE_LABELS[one.state]
    if visitors:
        return Shown(ui.moment_words(one.reported_at), one.type_name, "", "", _(tag), one.total.overdue, "")
    place = {
        Level.CITY: f"{one.district}·{one.town}",
        Level.DISTRICT: "·".join(dict.fromkeys((one.town, one.place.split("·")[0]))),
    }.get(level, one.place)
    return Shown(
        ui.moment_words(one.reported_at), one.title, place, one.lead, _(tag), one.total.overdue,
        reverse("matter", args=[one.id]),
    )  # fmt: skip


def _bars(found: Wall, visitors: bool) -> dict[str, Any]:
    """The last days as bars, in hundredths of their drawing, so that words keep their size; each opens its day."""
    most = max((one.value or 0 for one in found.trend), default=0) or 1
    figure, bars, step = declared()["reported_count"], [], 100 / (len(found.trend) or 1)
    for place, one in enumerate(found.trend):
        height = round(68 * (one.value or 0) / most, 1)
        day = execution.period_of(execution.PeriodKind.DAY, one.first)
        bars.append({
            "x": round((place + 1 / 6) * step, 2), "y": round(84 - height, 1), "height": height, "value": one.value or 0,
            "day": f"{one.first.day}", "now": place == len(found.trend) - 1, "middle": round((place + 0.5) * step, 2),
            "label": round(82 - height, 1), "to": "" if visitors else addresses.one(figure, found.area.id, day),
            "words": execution.period_words(day),
        })  # fmt: skip
    return {"bars": bars, "thick": round(step * 2 / 3, 2)}


def _cards(found: Wall, visitors: bool) -> list[dict[str, Any]]:
    listed = reverse("desk_search")
    return [
        {
            "name": card.entry.name,
            "icon": card.entry.icon,
            "today": card.today,
            "in_hand": card.in_hand,
            "lines": [
                (name, today, in_hand, "" if visitors else f"{listed}?{_in_category(found, code)}")
                for code, name, today, in_hand in card.lines
            ],
        }
        for card in found.cards
    ]


def _in_category(found: Wall, code: str) -> str:
    return urlencode({"area": str(found.area.id), "category": code, "counted": "in_hand"})
