"""What matters tell of the city when they are scraped: what is in hand and which limits are breached."""

from __future__ import annotations

from collections.abc import Iterator

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Problem
from city1361.base.kernel.measures import Measure
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.situation import boards

MEASURES = {
    "in_hand": ("city1361_matters_in_hand", "Open matters of the city."),
    "overdue": ("city1361_limits_breached", "Open matters past their total limit."),
    "shelved_stock": ("city1361_matters_shelved", "Matters in the shelved library."),
}


def read() -> Iterator[Measure]:
    """The same figures as the wall of the city; nothing before an instance is loaded."""
    day = execution.period_now(execution.PeriodKind.DAY)
    try:
        board = boards.figures(scope=Scope.everything(), period=day, codes=tuple(MEASURES))
    except Problem:
        return
    for figure in board.figures:
        name, says = MEASURES[figure.code]
        yield Measure(name, says, float(figure.value or 0))
    behind = max((clock.now() - board.moment).total_seconds(), 0.0)
    yield Measure("city1361_counts_lag_seconds", "Age of the oldest change that is not added up.", behind)
