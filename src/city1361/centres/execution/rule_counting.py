"""What the rules ask of execution: the words of its clocks and types, and what a change would have meant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.centres.execution import clocks
from city1361.centres.execution.models import Matter, MatterType
from city1361.centres.execution.rules import Limit
from city1361.centres.execution.terms import OPEN_STATES, STAGE_LABELS, URGENCY_LABELS
from city1361.platform.assurance.rules import api as rules

MOST = 50_000  # the newest of a month that are looked at one by one


def register() -> None:
    """Called when the applications start."""
    rules.register_matters(
        rules.MatterWords(
            stages={state.value: STAGE_LABELS[state] for state in OPEN_STATES},
            urgencies={urgency.value: label for urgency, label in URGENCY_LABELS.items()},
            types=lambda: dict(MatterType.objects.filter(active=True).values_list("code", "name")),
            count=count,
        )
    )


def count(asked: rules.Asked) -> rules.Preview:
    """How many matters of a period, as far as the caller sees them, a change would have touched. A clock that stood
    still stands still in both counts: only the difference between them tells."""
    found = Matter.objects.filter(reported_at__gte=asked.since, reported_at__lt=asked.until)
    if asked.district is not None:
        found = found.filter(district_id=asked.district)
    total = found.count()
    columns = ("type_id", "urgency", "level", "reported_at", "closed_at")
    rows = list(found.order_by("-id").values_list(*columns)[:MOST])
    limits, levels, before, after = _count(rows, asked)
    return rules.Preview(
        since=f"{asked.since:%Y-%m-%d}",
        until=f"{asked.until - timedelta(days=1):%Y-%m-%d}",
        matters=total,
        other_limits=limits,
        other_levels=levels,
        overdue_before=before,
        overdue_after=after,
        sampled=total > len(rows),
    )


def _count(rows: Iterable[Any], asked: rules.Asked) -> tuple[int, int, int, int]:
    working, now = calendar.current(), clock.now()
    limits = levels = before = after = 0
    for type_code, urgency, grade, reported_at, closed_at in rows:
        old, new = (one.total(type_code, urgency, grade or 0) for one in (asked.before, asked.after))
        levels += _level(asked.before, type_code, grade) != _level(asked.after, type_code, grade)
        ended = closed_at or now
        late = ended > clocks.start(working, reported_at, Limit(old.amount, old.unit)).due_at
        before += late
        if old == new:
            after += late
            continue
        limits += 1
        after += ended > clocks.start(working, reported_at, Limit(new.amount, new.unit)).due_at
    return limits, levels, before, after


def _level(library: rules.Library, type_code: str, grade: int | None) -> str:
    found = library.responsible(type_code, grade or 0)
    return found.level if found else ""
