"""Which closed matters of a month are visited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Unavailable
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.supervision import decisions, visit_counts
from city1361.centres.supervision.answers import ToVisit
from city1361.platform.assurance.rules import api as rules

PAGE = 200
MOST_TO_VISIT = 50
# Of a hundred closed matters so many are visited, and of those their reporters closed themselves: what holds where the
# city has laid down nothing.
EXAMPLES = {"visit_share": 30, "visit_share_self_closed": 100}


def this_month() -> str:
    """The month it is in the city, as 2026-11."""
    return execution.period_now(execution.PeriodKind.MONTH).text


def month(period: str) -> execution.Period:
    """The moments of a month written as 2026-11. Raises Invalid."""
    found = execution.period_from(period)
    if found.kind is not execution.PeriodKind.MONTH:
        raise Invalid("bad_period", "统计期无法识别", where="period", remedy="请写成年月，如2026-11")
    return found


def to_visit(*, scope: Scope, by: By, period: str, most: int = MOST_TO_VISIT) -> list[ToVisit]:
    """The sampled matters closed in a month that nobody has visited since, those their reporters closed first.

    Left out are those my own organisation handled. Whoever asks gets the same sample of the same matters.
    """
    span, found = month(period), []
    reached = set(visit_counts.visits(scope, span).filter(reached=True).values_list("matter_id", "closed_at"))
    tried = Counter(visit_counts.visits(scope, span).filter(reached=False).values_list("matter_id", "closed_at"))
    shares = shares_of(scope, span.first)
    for row in _closed(scope, span):
        per_mille = 10 * shares["visit_share_self_closed" if row.self_closed else "visit_share"]
        if row.closed_at is None or row.lead == by.organisation or (row.id, row.closed_at) in reached:
            continue
        if decisions.is_sampled(period, row.id, per_mille):
            tries = tried[(row.id, row.closed_at)]
            found.append(ToVisit(row.id, row.number, row.title, row.closed_at, row.lead_name, row.self_closed, tries))
        if len(found) >= most:
            break
    return sorted(found, key=lambda one: (not one.self_closed, one.closed_at))


def shares_of(scope: Scope, day: date) -> dict[str, int]:
    """How many of a hundred are visited by the rules of a day: the dated parameters `visit_share`, `visit_share_self_closed`."""
    area = min(scope.areas).id if scope.areas else None
    try:
        library = rules.library(day, area)
    except Unavailable:
        return dict(EXAMPLES)
    return {code: max(0, min(100, int(library.value(code, share)))) for code, share in EXAMPLES.items()}


def _closed(scope: Scope, span: execution.Period) -> Iterator[execution.FigureRow]:
    after: UUID | None = None
    while True:
        rows = execution.figure_rows(scope=scope, period=span, counted=execution.Counted.CLOSED, after=after, size=PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id
