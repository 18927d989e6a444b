"""Figures for whoever asks: of an area, by area, by type, over time. Wall, boards and API all come here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import AreaRef, Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import addresses, places, queries
from city1361.centres.situation.answers import AreaFigure, Board, Correction, FigureView, Line, Place, Point
from city1361.centres.situation.decisions import Fraction, worked_out
from city1361.centres.situation.declaring import Figure, declared
from city1361.centres.situation.models import ClosedPeriod
from city1361.platform.assurance.standards.organisations import api as organisations

STALE_AFTER = timedelta(minutes=1)
LONGEST_TREND = 400


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the figures of one area are worked out from."""

    area: Place
    period: Period
    at: datetime
    moment: datetime
    responsible: str
    counts: queries.Counts
    stock: queries.Counts
    closed: ClosedPeriod | None


def figures(
    *,
    scope: Scope,
    area: UUID | None = None,
    at: datetime | None = None,
    period: Period | None = None,
    codes: Collection[str] = (),
) -> Board:
    """The figures of an area (one's own when none is named) for a period (this month), as of `at` (now). Raises Missing
    outside the scope. codes: those alone."""
    trail = places.within(scope, area)
    asked = _asked(trail[-1], period or execution.period_now(PeriodKind.MONTH), at or clock.now())
    wanted = [figure for code, figure in declared().items() if not codes or code in codes]
    return Board(
        area=asked.area,
        trail=trail,
        below=places.below(asked.area),
        period=asked.period,
        closed_at=asked.closed.at if asked.closed else None,
        moment=asked.moment,
        stale=asked.at - asked.moment > STALE_AFTER,
        figures=tuple(_view(figure, asked) for figure in wanted),
    )


def _asked(area: Place, period: Period, at: datetime) -> _Asked:
    centre = organisations.centres_of([area.id])
    return _Asked(
        area=area,
        period=period,
        at=at,
        moment=min(queries.waiting_since() or at, at),
        responsible=centre[0].name if centre else "",
        counts=queries.of_areas([area.id], period.first, period.after).get(area.id, {}),
        stock=_with_today(area, queries.stock_of_areas([area.id], _today(at)).get(area.id, {}), at),
        closed=queries.closed([area.id], period.kind.value, period.first).get(area.id) if period.until <= at else None,
    )


def _with_today(area: Place, stock: queries.Counts, at: datetime) -> queries.Counts:
    """What is late includes limits that have ended since midnight, which the counts by day cannot know."""
    today = execution.overdue_today(area=AreaRef(area.level, area.id), at=at)
    return {**stock, queries.LATE: stock.get(queries.LATE, 0) + today}


def _today(at: datetime) -> date:
    return execution.period_at(PeriodKind.DAY, at).first


def _view(figure: Figure, asked: _Asked) -> FigureView:
    fraction = _fraction(figure, asked.stock if figure.stock else asked.counts)
    period, area = asked.period, asked.area.id
    return FigureView(
        code=figure.code,
        label=figure.label,
        definition=figure.definition,
        unit=figure.unit,
        value=_value(figure, fraction),
        fraction=fraction,
        period="" if figure.stock else period.text,
        moment=asked.moment,
        responsible=asked.responsible,
        address=addresses.rows(figure, area, period),
        address_below=addresses.rows_below(figure, area, period),
        left_out=tuple(
            Line(line.label, asked.counts.get(line.count, 0), addresses.left_out(figure, line, area, period))
            for line in figure.left_out
        ),
        companion=figure.companion,
        stock=figure.stock,
        correction=_correction(figure, fraction, asked.closed),
    )


def _fraction(figure: Figure, counts: Mapping[str, int]) -> Fraction:
    if figure.overdue:
        return Fraction(counts.get(queries.LATE, 0), 0)
    return worked_out(figure.formula, counts)


def _value(figure: Figure, fraction: Fraction) -> float | int | None:
    return fraction.percent if figure.formula.is_rate else fraction.numerator


def _correction(figure: Figure, fraction: Fraction, closed: ClosedPeriod | None) -> Correction | None:
    """What was told when the period was over, where it has changed since."""
    if closed is None or figure.stock:
        return None
    told = worked_out(figure.formula, closed.counts)
    return None if told == fraction else Correction(told, _value(figure, told), closed.at)


def by_area(
    *, scope: Scope, code: str, area: UUID | None = None, at: datetime | None = None, period: Period | None = None
) -> list[AreaFigure]:
    """One figure of each area right below, in the order of their codes. Raises Missing."""
    figure, here = _figure(code), places.within(scope, area)[-1]
    under, moment = places.below(here), at or clock.now()
    chosen = period or execution.period_now(PeriodKind.MONTH)
    ids = [one.id for one in under]
    if figure.stock:
        found = queries.stock_of_areas(ids, _today(moment))
    else:
        found = queries.of_areas(ids, chosen.first, chosen.after, figure.formula.names)
    if figure.overdue:
        late = execution.overdue_today_by(area=AreaRef(here.level, here.id), at=moment)
        found = {one: {queries.LATE: found.get(one, {}).get(queries.LATE, 0) + late.get(one, 0)} for one in ids}
    address = partial(addresses.rows, figure, period=chosen)
    made = [(one, _fraction(figure, found.get(one.id, {}))) for one in under]
    return [
        AreaFigure(str(one.id), one.name, _value(figure, fraction), fraction, address(one.id)) for one, fraction in made
    ]


def by_type(
    *, scope: Scope, code: str, area: UUID | None = None, at: datetime | None = None, period: Period | None = None
) -> list[AreaFigure]:
    """One figure by type of matter, the most first; types without any are left out. Visits are not counted by type, and
    of what is late only what was so at midnight. Raises Missing."""
    figure, here = _figure(code), places.within(scope, area)[-1]
    chosen, moment = period or execution.period_now(PeriodKind.MONTH), at or clock.now()
    types = {one.code: one.name for one in execution.matter_types()}
    if figure.stock:
        found = queries.stock_of_types(here.id, types, _today(moment))
    else:
        found = queries.of_types(here.id, types, chosen.first, chosen.after, figure.formula.names)
    made = [(kind, _fraction(figure, counts)) for kind, counts in found.items()]
    shown = [(kind, fraction) for kind, fraction in made if fraction.numerator or fraction.denominator]
    return [
        AreaFigure(kind, types[kind], _value(figure, one), one, addresses.rows(figure, here.id, chosen, kind))
        for kind, one in sorted(shown, key=lambda entry: (-max(entry[1].denominator, entry[1].numerator), entry[0]))
    ]


def trend(
    *,
    scope: Scope,
    code: str,
    area: UUID | None = None,
    kind: PeriodKind = PeriodKind.DAY,
    points: int = 30,
    at: datetime | None = None,
) -> list[Point]:
    """One figure over the last periods, the running one last. What was open on earlier days is known where the period was
    closed. Raises Missing."""
    figure, here, moment = _figure(code), places.within(scope, area)[-1], at or clock.now()
    periods = [execution.period_at(kind, moment)]
    while len(periods) < min(max(points, 1), LONGEST_TREND):
        periods.append(periods[-1].before)
    periods.reverse()
    return _stock_trend(figure, here, periods, moment) if figure.stock else _flow_trend(figure, here, periods)


def _flow_trend(figure: Figure, area: Place, periods: list[Period]) -> list[Point]:
    days = queries.of_days(area.id, periods[0].first, periods[-1].after, figure.formula.names)
    points = []
    for period in periods:
        inside = [counts for day, counts in days.items() if period.first <= day < period.after]
        summed = {name: sum(counts[name] for counts in inside) for name in figure.formula.names}
        fraction = worked_out(figure.formula, summed)
        points.append(Point(period.first, period.text, _value(figure, fraction), fraction))
    return points


def _stock_trend(figure: Figure, area: Place, periods: list[Period], at: datetime) -> list[Point]:
    kept = queries.closed_since(area.id, periods[0].kind.value, periods[0].first)
    now = _with_today(area, queries.stock_of_areas([area.id], _today(at)).get(area.id, {}), at)
    points = []
    for period in periods:
        told = kept.get(period.first)
        counts = now if period is periods[-1] else told.stock if told else None
        fraction = _fraction(figure, counts or {})
        value = _value(figure, fraction) if counts is not None else None
        points.append(Point(period.first, period.text, value, fraction, counts is not None))
    return points


def _figure(code: str) -> Figure:
    found = declared().get(code)
    if found is None:
        raise Missing("no_such_figure", "没有这个指标")
    return found
