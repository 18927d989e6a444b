"""What figures are counted from: the condition of each count on a matter, the rows behind it, and the recount.

Due (应结案): the total limit ends in the period; refused and merged matters are never due. Left out: voided ones, and open
ones that stand on the shelf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone

from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.centres.execution.listings.counting_terms import AXIS_OF, PARTS, Axis, Counted
from city1361.centres.execution.listings.periods import Period, PeriodKind, period_at
from city1361.centres.execution.models import Matter
from city1361.centres.execution.queries import visible_to
from city1361.centres.execution.terms import OPEN_STATES, CloseResult, MatterState

NOT_FILED = (
    MatterState.VERIFYING, MatterState.REPORTED, MatterState.REFUSED, MatterState.MERGED, MatterState.VOIDED
)  # fmt: skip
NEVER_DUE = (MatterState.REFUSED, MatterState.MERGED)


def _state(*states: MatterState) -> Q:
    return Q(state__in=[state.value for state in states])


OPEN, CLOSED, VOIDED = _state(*OPEN_STATES), _state(MatterState.CLOSED), _state(MatterState.VOIDED)
SHELVED = OPEN & Q(shelved_owner__isnull=False)
EVER_DUE = ~_state(*NEVER_DUE)
COUNTS = EVER_DUE & ~VOIDED & ~SHELVED
ON_TIME = COUNTS & CLOSED & Q(closed_at__lte=F("total_due_at"))
RESULTS = {
    Counted.SOLVED: CloseResult.SOLVED,
    Counted.EXPLAINED: CloseResult.EXPLAINED,
    Counted.LONG_TERM: CloseResult.LONG_TERM,
    Counted.CLOSED_AS_SHELVED: CloseResult.SHELVED,
    Counted.NOT_OURS: CloseResult.NOT_OURS,
}
CONDITIONS = {
    Counted.REPORTED: Q(),
    Counted.FILED: ~_state(*NOT_FILED),
    Counted.REFUSED: _state(MatterState.REFUSED),
    Counted.MERGED: _state(MatterState.MERGED),
    Counted.VOIDED: VOIDED,
    Counted.DUE: COUNTS,
    Counted.LEFT_OUT: EVER_DUE & (VOIDED | SHELVED),
    Counted.VOIDED_OF_DUE: VOIDED,
    Counted.SHELVED_OF_DUE: SHELVED,
    Counted.CLOSED_OF_DUE: COUNTS & CLOSED,
    Counted.ON_TIME: ON_TIME,
    Counted.ON_TIME_BY_EXTENSION: ON_TIME & Q(closed_at__gt=F("due_before_extension")),
    Counted.REWORKED: COUNTS & Q(rework_count__gt=0),
    Counted.EXTENDED: COUNTS & Q(due_before_extension__isnull=False),
    Counted.IN_HAND: OPEN,
    **{Counted(f"in_{state.value}"): _state(state) for state in OPEN_STATES},
    Counted.CLOSED: CLOSED,
    **{counted: CLOSED & Q(result=result.value) for counted, result in RESULTS.items()},
    Counted.SELF_CLOSED: CLOSED & Q(self_report_self_close=True),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A matter behind a figure."""

    id: UUID
    number: str
    title: str
    state: MatterState
    lead: UUID | None
    lead_name: str
    total_due_at: datetime
    closed_at: datetime | None
    self_closed: bool


def condition(counted: Counted, period: Period | None = None) -> Q:
    """The matters of a count: of one period, or whatever their day."""
    found = CONDITIONS[counted]
    if period is None:
        return found
    axis = AXIS_OF[counted].value
    return found & Q(**{f"{axis}__gte": period.since, f"{axis}__lt": period.until})


def figure_rows(
    *, scope: Scope, period: Period, counted: Counted, after: UUID | None = None, size: int = 50
) -> list[FigureRow]:
    """The matters behind a count, newest first; `after` is the id of the last row of the page before."""
    found = Matter.objects.select_related("lead").filter(visible_to(scope)).filter(condition(counted, period))
    return rows_of(list((found.filter(id__lt=after) if after else found).order_by("-id")[:size]))


def _overdue_today(area: AreaRef, at: datetime) -> QuerySet[Matter]:
    since = period_at(PeriodKind.DAY, at).since
    return Matter.objects.filter(
        OPEN, total_due_at__gte=since, total_due_at__lt=at, **{f"{area.level.value}_id": area.id}
    )


def overdue_today(*, area: AreaRef, at: datetime) -> int:
    """Open matters of an area whose limit has ended since midnight: what the counts by day cannot know."""
    return _overdue_today(area, at).count()


def overdue_today_by(*, area: AreaRef, at: datetime) -> dict[UUID, int]:
    """The same by the areas right below a city or a district."""
    below = "district_id" if area.level is Level.CITY else "town_id"
    return dict(_overdue_today(area, at).order_by().values_list(below).annotate(Count("id")))


def recount(axis: Axis, district: UUID) -> tuple[str, Sequence[Any]]:
    """The statement that counts every matter of a district anew, by the conditions that also open the rows: town, type
    and day of `axis`, then each count of that axis in the order of counted_on."""
    counts = {f"n_{one.value}": Count("id", filter=CONDITIONS[one]) for one in counted_on(axis)}
    day = TruncDate(axis.value, tzinfo=get_default_timezone())
    found = Matter.objects.filter(district_id=district, **{f"{axis.value}__isnull": False}).annotate(day=day).order_by()
    groups = ("town_id", "type_id", "day")
    return _sent(found.values(*groups).annotate(**counts).values_list(*groups, *counts))


def districts_of_matters() -> dict[UUID, int]:
    """How many matters stand in each district."""
    return dict(Matter.objects.order_by().values_list("district_id").annotate(Count("id")))


def _sent(found: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    statement, values = found.query.sql_with_params()
    return statement, values


def counted_on(axis: Axis) -> list[Counted]:
    """The counts that belong to the day of one moment; those that are sums of others left out."""
    return [one for one in Counted if AXIS_OF[one] is axis and one not in PARTS]


def rows_of(matters: Sequence[Matter]) -> list[FigureRow]:
    """As they stand behind a figure."""
    return [
        FigureRow(
            row.id, row.number, row.title, MatterState(row.state), row.lead_id, row.lead.name if row.lead else "",
            row.total_due_at, row.closed_at, row.self_report_self_close,
        )
        for row in matters
    ]  # fmt: skip
