"""Which closed matters of a month are visited, and the rates of a month with the rows behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import get_default_timezone

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.supervision import decisions
from city1361.centres.supervision.answers import RateRow, RateView, ToVisit
from city1361.centres.supervision.models import ReturnVisit
from city1361.centres.supervision.terms import DEFINITIONS, Rate, Satisfied

PAGE = 200
MOST_TO_VISIT = 50
# Of a thousand closed matters so many are visited; of those their reporters closed themselves, more.
PER_MILLE, SELF_CLOSED_PER_MILLE = 300, 1000
VISIT_RATES = (Rate.RESPONSE, Rate.SOLUTION, Rate.SATISFACTION)
ABOVE = {
    Rate.CLOSING: execution.Counted.CLOSED_OF_DUE,
    Rate.ON_TIME_CLOSING: execution.Counted.ON_TIME,
    Rate.SELF_CLOSING: execution.Counted.SELF_CLOSED,
}
BELOW = {
    Rate.CLOSING: execution.Counted.DUE,
    Rate.ON_TIME_CLOSING: execution.Counted.DUE,
    Rate.SELF_CLOSING: execution.Counted.CLOSED,
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def this_month() -> str:
    """The month it is in the city, as 2026-11."""
    return f"{clock.now().astimezone(get_default_timezone()):%Y-%m}"


def month(period: str) -> execution.Period:
    """The moments of a month written as 2026-11. Raises Invalid."""
    found = _MONTH.fullmatch(period)
    if found is None:
        raise Invalid("bad_period", "统计期无法识别", where="period", remedy="请写成年月，如2026-11")
    year, number = int(found[1]), int(found[2])
    zone = get_default_timezone()
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return execution.Period(datetime(year, number, 1, tzinfo=zone), datetime(*following, 1, tzinfo=zone))


def to_visit(*, scope: Scope, by: By, period: str, most: int = MOST_TO_VISIT) -> list[ToVisit]:
    """The sampled matters closed in a month that nobody has visited since, those their reporters closed first.

    Left out are those my own organisation handled. Whoever asks gets the same sample of the same matters.
    """
    span, found = month(period), []
    reached = set(_visits(scope, span).filter(reached=True).values_list("matter_id", "closed_at"))
    tried = Counter(_visits(scope, span).filter(reached=False).values_list("matter_id", "closed_at"))
    for row in _closed(scope, span):
        per_mille = SELF_CLOSED_PER_MILLE if row.self_closed else PER_MILLE
        if row.closed_at is None or row.lead == by.organisation or (row.id, row.closed_at) in reached:
            continue
        if decisions.is_sampled(period, row.id, per_mille):
            tries = tried[(row.id, row.closed_at)]
            found.append(ToVisit(row.id, row.number, row.title, row.closed_at, row.lead_name, row.self_closed, tries))
        if len(found) >= most:
            break
    return sorted(found, key=lambda one: (not one.self_closed, one.closed_at))


def _closed(scope: Scope, span: execution.Period) -> Iterator[execution.FigureRow]:
    after: UUID | None = None
    while True:
        rows = execution.figure_rows(scope=scope, period=span, counted=execution.Counted.CLOSED, after=after, size=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _visits(scope: Scope, span: execution.Period) -> QuerySet[ReturnVisit]:
    within = Q(pk__in=())
    for area in scope.areas:
        within |= Q(**{f"{area.level.value}_id": area.id})
    if scope.organisations:
        within |= Q(organisations__overlap=sorted(scope.organisations))
    closed = Q(closed_at__gte=span.since, closed_at__lt=span.until)
    return ReturnVisit.objects.filter(Q() if scope.unlimited else within, closed)


def rates(*, scope: Scope, period: str) -> list[RateView]:
    """Every rate of a month: 办结率 and 解决率 side by side, 自报自结 apart. Raises Invalid."""
    span = month(period)
    counted = execution.figures(scope=scope, period=span)
    answers = [_said(row) for row in _visits(scope, span).filter(reached=True)]
    fractions = {
        Rate.CLOSING: decisions.closing_rate(counted.closed_of_due, counted.due, counted.left_out),
        Rate.SOLUTION: decisions.visit_rate(Rate.SOLUTION, answers),
        Rate.ON_TIME_CLOSING: decisions.on_time_rate(
            counted.on_time, counted.due, counted.left_out, counted.on_time_before
        ),
        Rate.SATISFACTION: decisions.visit_rate(Rate.SATISFACTION, answers),
        Rate.RESPONSE: decisions.visit_rate(Rate.RESPONSE, answers),
        Rate.SELF_CLOSING: decisions.self_closing_share(counted.self_closed, counted.closed),
    }
    return [RateView(rate, DEFINITIONS[rate], period, fraction) for rate, fraction in fractions.items()]


def _said(row: ReturnVisit) -> decisions.Said:
    return decisions.Said(bool(row.contacted), bool(row.solved), Satisfied(row.satisfied), row.unreasonable)


def rate_rows(*, scope: Scope, rate: Rate, period: str, after: UUID | None = None) -> list[RateRow]:
    """The matters behind a rate, those left out among them, newest first. `after`: the last of the page before."""
    span = month(period)
    if rate in VISIT_RATES:
        found = _visits(scope, span).filter(reached=True).order_by("-matter_id")
        rows = found.filter(matter_id__lt=after) if after else found
        return [_visited(rate, row) for row in rows[:PAGE]]
    below = execution.figure_rows(scope=scope, period=span, counted=BELOW[rate], after=after, size=PAGE)
    above = {row.id for row in execution.figure_rows(scope=scope, period=span, counted=ABOVE[rate], after=after, size=PAGE)}  # fmt: skip
    left = [] if rate is Rate.SELF_CLOSING else execution.figure_rows(
        scope=scope, period=span, counted=execution.Counted.LEFT_OUT, after=after, size=PAGE
    )  # fmt: skip
    shown = [_counted(row, counts=row.id in above) for row in below] + [_counted(row, left_out=True) for row in left]
    return sorted(shown, key=lambda row: row.matter, reverse=True)[:PAGE]


def _counted(row: execution.FigureRow, *, counts: bool = False, left_out: bool = False) -> RateRow:
    return RateRow(row.id, row.number, row.title, row.lead_name, row.closed_at, counts, left_out)


def _visited(rate: Rate, row: ReturnVisit) -> RateRow:
    said = _said(row)
    left_out = decisions.left_out_of(rate, said)
    return RateRow(
        row.matter_id, row.matter_number, row.title, row.handler_name, row.closed_at,
        decisions.counts_for(rate, said), left_out, row.unreasonable_reason if left_out else "",
    )  # fmt: skip
