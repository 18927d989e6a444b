"""Proving the counts against a recount, and counting anew."""

from __future__ import annotations

import time
from functools import reduce
from operator import add
from uuid import UUID

from django.db import connection

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.ids import new_id
from city1361.centres.execution import api as execution
from city1361.centres.situation import comparing, folding
from city1361.centres.situation.answers import CheckView
from city1361.centres.situation.comparing import Compared
from city1361.centres.situation.events import CountersDiffer
from city1361.centres.situation.models import Counter, CounterCheck
from city1361.centres.situation.terms import Permission
from city1361.platform.assurance.standards.areas import api as areas

BATCH = 250_000
NOTHING = UUID(int=0)
SUBJECT = "counters"
# What a trigger would have left of each matter and visit, had it been made now.
ALL_MATTERS = """
INSERT INTO centres_situation_matterdelta (sign, city_id, district_id, town_id, type_id, state, result, reported_at,
    total_due_at, due_before_extension, closed_at, shelved, reworked, self_closed)
SELECT 1, city_id, district_id, town_id, type_id, state, result, reported_at, total_due_at, due_before_extension,
    closed_at, shelved_owner_id IS NOT NULL AND state NOT IN ('refused', 'closed', 'voided', 'merged'),
    rework_count > 0, self_report_self_close
FROM centres_execution_matter WHERE id > %s AND id <= %s
"""
NEXT = "SELECT max(id::text) FROM (SELECT id FROM centres_execution_matter WHERE id > %s ORDER BY id LIMIT %s) AS batch"
ALL_VISITS = """
INSERT INTO centres_situation_visitdelta (sign, city_id, district_id, town_id, closed_at, contacted, solved, satisfied,
    unreasonable)
SELECT 1, city_id, district_id, town_id, closed_at, contacted, solved, satisfied IN ('satisfied', 'fair'), unreasonable
FROM centres_supervision_returnvisit WHERE reached
"""


def check(by: By) -> CheckView:
    """Hold every count against a recount of all matters and visits as of one moment, and keep what was found."""
    begun = time.monotonic()
    with folding.alone():
        folding.fold_here()
        found = _compared()
    return counters_check(by=by, found=found, seconds=time.monotonic() - begun)


def _compared() -> Compared:
    there = {*execution.districts_of_matters(), *_counted_districts()}
    found = reduce(add, [comparing.district(one) for one in sorted(there)], Compared())
    return found + comparing.city(areas.city().id, sorted(there))


def _counted_districts() -> set[UUID]:
    return {one for one in Counter.objects.order_by().values_list("district_id", flat=True).distinct() if one}


@action(Permission.CHECK_COUNTERS)
def counters_check(*, by: By, found: Compared, seconds: float) -> Outcome[CheckView]:
    """Keep what a check has found; a difference is told to whoever listens."""
    row = CounterCheck.objects.create(
        at=clock.now(), compared=found.cells, differing=found.differing, differences=list(found.differences),
        seconds=round(seconds, 3),
    )  # fmt: skip
    facts = {"compared": found.cells, "differing": found.differing, "differences": list(found.differences)}
    events = (CountersDiffer(row.id, found.differing),) if found.differing else ()
    return Outcome(_view(row), subject=Subject(SUBJECT, row.id, "计数"), facts=facts, events=events)


def last_check() -> CheckView | None:
    """The newest check."""
    row = CounterCheck.objects.order_by("-id").first()
    return _view(row) if row else None


def _view(row: CounterCheck) -> CheckView:
    return CheckView(row.at, row.compared, row.differing, tuple(row.differences), row.seconds)


def rebuild(by: By) -> int:
    """Count everything anew, as of one moment; nobody waits for it. Returns how many matters were counted."""
    with folding.alone(), connection.cursor() as cursor:
        for table in ("counter", "matterdelta", "visitdelta"):
            cursor.execute(f"DELETE FROM centres_situation_{table}")  # noqa: S608 - names from above
        counted, after = 0, NOTHING
        while (last := _batch_end(after)) is not None:
            cursor.execute(ALL_MATTERS, [after, last])
            counted, after = counted + cursor.rowcount, last
            folding.fold_here()
        cursor.execute(ALL_VISITS)
        folding.fold_here()
    return counters_rebuild(by=by, matters=counted)


def _batch_end(after: UUID) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [after, BATCH])
        found = cursor.fetchone()[0]
    return UUID(found) if found else None


@action(Permission.REBUILD_COUNTERS)
def counters_rebuild(*, by: By, matters: int) -> Outcome[int]:
    """Remember that everything was counted anew."""
    return Outcome(matters, subject=Subject(SUBJECT, new_id(), "计数"), facts={"matters": matters})
