"""What rates are counted from: matters due, closed and left out in a period, within a scope; counts and the rows behind.

Due (应结案): the total limit ends in the period; refused and merged matters are never due. Left out: voided ones, and open
ones that stand on the shelf.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from city1361.base.kernel.scope import Scope
from city1361.centres.execution.models import Matter, MatterExclusion
from city1361.centres.execution.queries import visible_to
from city1361.centres.execution.terms import CloseResult, ExclusionKind, MatterState

NEVER_DUE = [MatterState.REFUSED.value, MatterState.MERGED.value]
CLOSED = Q(state=MatterState.CLOSED.value)
LEFT_OUT = Q(state=MatterState.VOIDED.value) | (Q(shelved_owner__isnull=False) & ~CLOSED)
ON_TIME = CLOSED & Q(closed_at__lte=F("total_due_at"))
SOLVED = CLOSED & Q(result=CloseResult.SOLVED.value)
# The limit as it was before anything that was granted moved it.
MOVING = [ExclusionKind.EXTENDED.value, ExclusionKind.PAUSED.value, ExclusionKind.SHELVED_MATTER.value]
FIRST_DUE = Coalesce(
    Subquery(
        MatterExclusion.objects.filter(matter=OuterRef("pk"), kind__in=MOVING)
        .order_by("id")
        .values("total_due_before")[:1]
    ),
    F("total_due_at"),
)


class Counted(StrEnum):
    """Which matters of a period: those whose limit ended in it, or those closed in it."""

    DUE = "due"
    LEFT_OUT = "left_out"
    CLOSED_OF_DUE = "closed_of_due"
    ON_TIME = "on_time"
    CLOSED = "closed"
    SOLVED = "solved"
    SELF_CLOSED = "self_closed"


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (included) to `until` (not included), aware moments."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a period. due is without left_out; on_time_before are those that were on time without what was granted."""

    due: int
    left_out: int
    closed_of_due: int
    on_time: int
    closed: int
    solved: int
    self_closed: int
    on_time_before: int = 0


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


def _which(counted: Counted, period: Period) -> Q:
    due = Q(total_due_at__gte=period.since, total_due_at__lt=period.until) & ~Q(state__in=NEVER_DUE)
    closed = CLOSED & Q(closed_at__gte=period.since, closed_at__lt=period.until)
    return {
        Counted.DUE: due & ~LEFT_OUT,
        Counted.LEFT_OUT: due & LEFT_OUT,
        Counted.CLOSED_OF_DUE: due & ~LEFT_OUT & CLOSED,
        Counted.ON_TIME: due & ~LEFT_OUT & ON_TIME,
        Counted.CLOSED: closed,
        Counted.SOLVED: closed & SOLVED,
        Counted.SELF_CLOSED: closed & Q(self_report_self_close=True),
    }[counted]


def figures(*, scope: Scope, period: Period) -> Figures:
    """The counts of a period, in two queries."""
    within = Matter.objects.filter(visible_to(scope)).filter(
        Q(total_due_at__gte=period.since, total_due_at__lt=period.until)
        | Q(closed_at__gte=period.since, closed_at__lt=period.until)
    )
    counts = within.aggregate(**{counted.value: Count("id", filter=_which(counted, period)) for counted in Counted})
    on_time = Matter.objects.filter(visible_to(scope)).filter(_which(Counted.ON_TIME, period))
    before = on_time.annotate(first_due=FIRST_DUE).filter(closed_at__lte=F("first_due")).count()
    return Figures(**counts, on_time_before=before)


def figure_rows(
    *, scope: Scope, period: Period, counted: Counted, after: UUID | None = None, size: int = 50
) -> list[FigureRow]:
    """The matters behind a count, newest first; `after` is the id of the last row of the page before."""
    found = Matter.objects.select_related("lead").filter(visible_to(scope)).filter(_which(counted, period))
    return _rows(list((found.filter(id__lt=after) if after else found).order_by("-id")[:size]))


def _rows(matters: Sequence[Matter]) -> list[FigureRow]:
    return [
        FigureRow(
            row.id, row.number, row.title, MatterState(row.state), row.lead_id, row.lead.name if row.lead else "",
            row.total_due_at, row.closed_at, row.self_report_self_close,
        )
        for row in matters
    ]  # fmt: skip
