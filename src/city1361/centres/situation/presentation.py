"""Figures as pages show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import addresses
from city1361.centres.situation.answers import AreaFigure, Board, FigureView, Place, Point
from city1361.centres.situation.decisions import Fraction
from city1361.centres.situation.declaring import Figure, declared
from city1361.centres.situation.terms import PERIOD_LABELS, FigureUnit

PAIRED = ("closing", "solution")


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in the table. parts: above and below the line, each with its rows."""

    code: str
    label: str
    value: str
    address: str
    above: str
    below: str
    address_below: str
    is_rate: bool
    before: str
    left_out: tuple[tuple[str, int, str], ...]
    definition: str
    responsible: str
    moment: str
    detail: str
    told: str
    told_at: str


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of an area, a type or a day. bar: its share of the largest, in per cent."""

    name: str
    value: str
    parts: str
    address: str
    drill: str
    bar: int


def value_words(value: float | int | None, unit: FigureUnit) -> str:
    """93.72%, 1,054, or a dash."""
    if value is None:
        return "—"
    return f"{value:.2f}%" if unit is FigureUnit.PERCENT else f"{value:,}"


def shown(board: Board) -> list[Shown]:
    """Every figure of a board."""
    return [_shown(one, board) for one in board.figures]


def _shown(one: FigureView, board: Board) -> Shown:
    correction = one.correction
    return Shown(
        code=one.code,
        label=_(one.label),
        value=value_words(one.value, one.unit),
        address=one.address,
        above=f"{one.fraction.numerator:,}",
        below=f"{one.fraction.denominator:,}",
        address_below=one.address_below,
        is_rate=one.unit is FigureUnit.PERCENT,
        before=value_words(one.before, one.unit) if one.before is not None else "",
        left_out=tuple((_(line.label), line.count, line.address) for line in one.left_out if line.count),
        definition="".join(_(sentence) for sentence in one.definition),
        responsible=one.responsible,
        moment=ui.moment_words(one.moment),
        detail=addresses.one(declared()[one.code], board.area.id, board.period),
        told=value_words(correction.value, one.unit) if correction else "",
        told_at=ui.moment_words(correction.at) if correction else "",
    )


def groups(board: Board) -> list[tuple[str, list[Shown]]]:
    """Rates, numbers of the period, what is open now."""
    rows = {one.code: one for one in shown(board)}
    views = {one.code: one for one in board.figures}
    rates = [row for code, row in rows.items() if row.is_rate and code not in PAIRED]
    flows = [row for code, row in rows.items() if not row.is_rate and not views[code].stock]
    stock = [row for code, row in rows.items() if views[code].stock]
    return [(_("比率"), rates), (_("统计期内"), flows), (_("此刻"), stock)]


def tiles(board: Board, codes: Sequence[str]) -> list[Shown]:
    """Some figures of a board, in this order."""
    rows = {one.code: one for one in shown(board)}
    return [rows[code] for code in codes if code in rows]


def periods(area: Place, period: Period, way: Callable[[UUID, Period], str] = addresses.board) -> dict[str, Any]:
    """Ways to another period: of another length, the one before, the one after where it has begun."""
    now = execution.period_now(PeriodKind.DAY).first
    last = min(period.after, now)
    kinds = [
        (
            _(PERIOD_LABELS[kind]),
            way(area.id, execution.period_of(kind, max(period.first, min(last, now)))),
            kind,
        )
        for kind in PeriodKind
    ]
    following = execution.period_of(period.kind, period.after)
    return {
        "kinds": [(label, address, kind is period.kind) for label, address, kind in kinds],
        "previous": way(area.id, period.before),
        "following": way(area.id, following) if following.first <= now else "",
        "text": execution.period_words(period),
    }


def rows(found: Sequence[AreaFigure], figure: Figure, drills: Sequence[str] = ()) -> list[Row]:
    """Areas or types in a table. drills: where each area leads."""
    most = max((_size(one) for one in found), default=0)
    return [
        Row(
            one.name,
            value_words(one.value, figure.unit),
            _parts(one.fraction, figure),
            one.address,
            drills[place] if drills else "",
            _bar(_size(one), 100 if figure.unit is FigureUnit.PERCENT else most),
        )
        for place, one in enumerate(found)
    ]


def trend(points: Sequence[Point], figure: Figure) -> list[Row]:
    """Periods in a table, the newest first."""
    most = 100 if figure.unit is FigureUnit.PERCENT else max((one.value or 0 for one in points), default=0)
    return [
        Row(
            one.period,
            value_words(one.value, figure.unit) if one.known else _("未封存"),
            _parts(one.fraction, figure) if one.known else "",
            "",
            "",
            _bar(one.value or 0, most),
        )
        for one in reversed(points)
    ]


def _size(one: AreaFigure) -> float:
    return float(one.value or 0)


def _bar(value: float, most: float) -> int:
    return round(100 * value / most) if most > 0 else 0


def _parts(fraction: Fraction, figure: Figure) -> str:
    rate = figure.unit is FigureUnit.PERCENT and fraction.denominator
    return f"{fraction.numerator:,}/{fraction.denominator:,}" if rate else ""
