"""What is counted of return visits: the condition of each count, the visits behind it, and the recount."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone

from city1361.base.kernel.scope import AreaRef, Scope
from city1361.centres.execution import api as execution
from city1361.centres.supervision.answers import VisitRow
from city1361.centres.supervision.models import ReturnVisit
from city1361.centres.supervision.terms import Satisfied, VisitCounted

PAGE = 200
CONTENT = Q(satisfied__in=[Satisfied.SATISFIED.value, Satisfied.FAIR.value])
UNREASONABLE = Q(unreasonable=True)
CONDITIONS = {
    VisitCounted.VISITED: Q(),
    VisitCounted.CONTACTED: Q(contacted=True),
    VisitCounted.REASONABLE: ~UNREASONABLE,
    VisitCounted.SOLVED_SAID: Q(solved=True) & ~UNREASONABLE,
    VisitCounted.SATISFIED_SAID: CONTENT & ~UNREASONABLE,
    VisitCounted.UNREASONABLE: UNREASONABLE,
    VisitCounted.UNREASONABLE_SOLVED: Q(solved=True) & UNREASONABLE,
    VisitCounted.UNREASONABLE_SATISFIED: CONTENT & UNREASONABLE,
}


def visits(scope: Scope, span: execution.Period) -> QuerySet[ReturnVisit]:
    """The visits of matters closed in a period, within what one may see."""
    within = Q(pk__in=())
    for area in scope.areas:
        within |= Q(**{f"{area.level.value}_id": area.id})
    if scope.organisations:
        within |= Q(organisations__overlap=sorted(scope.organisations))
    closed = Q(closed_at__gte=span.since, closed_at__lt=span.until)
    return ReturnVisit.objects.filter(Q() if scope.unlimited else within, closed)


def visit_rows(
    *,
    scope: Scope,
    counted: VisitCounted,
    period: execution.Period,
    area: AreaRef | None = None,
    after: UUID | None = None,
) -> list[VisitRow]:
    """The visits behind a count, newest first, `PAGE` at a time. `after`: the last of the page before."""
    found = visits(scope, period).filter(CONDITIONS[counted], reached=True)
    if area is not None:
        found = found.filter(**{f"{area.level.value}_id": area.id})
    rows = found.filter(id__lt=after) if after else found
    return [
        VisitRow(
            row.id, row.matter_id, row.matter_number, row.title, row.handler_name, row.closed_at, bool(row.contacted),
            bool(row.solved), Satisfied(row.satisfied), row.unreasonable, row.unreasonable_reason,
        )
        for row in rows.order_by("-id")[:PAGE]
    ]  # fmt: skip


def recount(district: UUID) -> tuple[str, Sequence[Any]]:
    """The statement that counts every visit of a district anew: town and day, then each count."""
    day = TruncDate("closed_at", tzinfo=get_default_timezone())
    counts = {f"n_{one.value}": Count("id", filter=CONDITIONS[one]) for one in VisitCounted}
    found = ReturnVisit.objects.filter(district_id=district, reached=True).annotate(day=day).order_by()
    query = found.values("town_id", "day").annotate(**counts).values_list("town_id", "day", *counts).query
    statement, values = query.sql_with_params()
    return statement, values
