"""A month of one city as it was published: 1,054 received, 996 filed, 972 due, 911 closed, 737 of them on time; 902 of 956
and 9 of 16 by kind. Beside them 28 that were left out of those due: 20 voided, 8 shelved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from tests import cast
from tests.centres.execution import matters

EVENTS, COMPONENTS = "01003", "01001"


def month() -> execution.Period:
    """The month before this one."""
    return execution.period_now(execution.PeriodKind.MONTH).before


def fill() -> execution.Period:
    """Write the month into the cast's town, as copies of one matter; returns it."""
    period = month()
    sample = matters.reported()
    with database.scoped(Scope.everything()):
        row = Matter.objects.get(pk=sample.id)
        same = {field.attname: getattr(row, field.attname) for field in Matter._meta.concrete_fields}
        row_of = [Matter(**{**same, **given}) for given in _all(period)]
        Matter.objects.filter(pk=row.pk).update(total_due_at=period.until + timedelta(days=400))
        Matter.objects.bulk_create(row_of)
    return period


def _all(period: execution.Period) -> Iterator[dict[str, Any]]:
    since, until = period.since + timedelta(days=2), period.until
    due, later = until - timedelta(days=3), until + timedelta(days=90)
    in_time, late = due - timedelta(hours=1), due + timedelta(hours=1)
    closed = {"state": "closed", "result": "solved"}
    kinds = [EVENTS] * 902 + [COMPONENTS] * 9
    for place, kind in enumerate(kinds):
        yield _one(since, due, type_id=kind, closed_at=in_time if place < 737 else late, **closed)
    for kind in [EVENTS] * 54 + [COMPONENTS] * 7:
        yield _one(since, due, type_id=kind, state="handling")
    for _ in range(24):
        yield _one(since, later, state="handling")
    for state, count in (("refused", 40), ("merged", 8), ("reported", 10)):
        for _ in range(count):
            yield _one(since, later if state == "reported" else due, state=state)
    before = period.since - timedelta(days=5)
    owner = cast.by(cast.TOWN_DUTY_OFFICER).organisation
    for place in range(28):
        if place < 20:
            yield _one(before, due, state="voided", closed_at=due)
        else:
            yield _one(before, due, state="handling", shelved_owner_id=owner, shelved_review_on=until.date())


def _one(reported: datetime, due: datetime, **given: Any) -> dict[str, Any]:
    with clock.frozen(reported):
        pk = new_id()
    return {
        "id": pk,
        "number": f"P{pk.hex[-12:]}",
        "reported_at": reported,
        "total_due_at": due,
        "type_id": EVENTS,
        **given,
    }
