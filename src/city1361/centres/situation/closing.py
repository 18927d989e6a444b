"""Closing periods: what the counts of every area are when a day, a week or a month is over is kept and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict
from city1361.base.kernel.ids import new_id
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import folding, queries
from city1361.centres.situation.models import COUNTS, ClosedPeriod
from city1361.centres.situation.terms import Permission

MOST_DAYS = 62
SUBJECT = "closed_period"
# Every area that has ever been counted, with what the period came to for it.
AREAS = """
SELECT area_id, (array_agg(district_id ORDER BY day DESC))[1], (array_agg(city_id ORDER BY day DESC))[1], {sums}
FROM centres_situation_counter WHERE type = '' GROUP BY area_id
"""
_SUMS = ", ".join(f"sum({name}) FILTER (WHERE day >= %(first)s AND day < %(after)s)" for name in COUNTS)


@action(Permission.CLOSE_PERIOD)
def period_close(*, by: By, period: Period) -> Outcome[int]:
    """Keep the counts of every area for a period that is over. Returns how many areas; one entry of evidence holds the
    digest of them all. Raises Conflict before its end; closed again it stays as it is."""
    now = clock.now()
    if now < period.until:
        raise Conflict("period_not_over", "统计期尚未结束", where="period", remedy="请在结束后封存")
    subject = Subject(SUBJECT, new_id(), period.text)
    if ClosedPeriod.objects.filter(kind=period.kind.value, first=period.first).exists():
        return Outcome(0, subject=subject, unchanged=True)
    with folding.keeping_alone():
        folding.fold_here()
        rows = list(_rows(period))
    ClosedPeriod.objects.bulk_create(rows, batch_size=1000)
    return Outcome(
        len(rows), subject=subject, facts={"period": period.text, "areas": len(rows), "sha256": _digest(rows)}
    )


def _rows(period: Period) -> Iterator[ClosedPeriod]:
    with connection.cursor() as cursor:
        cursor.execute(AREAS.format(sums=_SUMS), {"first": period.first, "after": period.after})
        found = cursor.fetchall()
    today = execution.period_now(PeriodKind.DAY).first
    stock = queries.stock_of_areas([row[0] for row in found], today)
    now = clock.now()
    for area, district, city, *sums in found:
        counts = {name: int(one) for name, one in zip(COUNTS, sums, strict=True) if one}
        yield ClosedPeriod(
            id=new_id(), area_id=area, district_id=district, city_id=city, kind=period.kind.value, first=period.first,
            counts=counts, stock={name: one for name, one in stock.get(area, {}).items() if one}, at=now,
        )  # fmt: skip


def _digest(rows: list[ClosedPeriod]) -> str:
    lines = sorted(json.dumps([str(row.area_id), row.counts, row.stock], sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def close_due(by: By) -> int:
    """Close every period that is over and was begun after the last closed day (the newest only, the first time)."""
    return sum(1 for period in _due() if period_close(by=by, period=period))


def _due() -> list[Period]:
    today = execution.period_now(PeriodKind.DAY).first
    with folding.seeing_everything():
        closed = ClosedPeriod.objects.filter(kind=PeriodKind.DAY.value).order_by("-first")
        last: date | None = closed.values_list("first", flat=True).first()
    day = max(last + timedelta(days=1), today - timedelta(days=MOST_DAYS)) if last else today - timedelta(days=1)
    due = []
    while day < today:
        for kind in PeriodKind:
            period = execution.period_of(kind, day)
            if period.after == day + timedelta(days=1):
                due.append(period)
        day += timedelta(days=1)
    return due
