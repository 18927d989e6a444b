"""Working time was changed: the limits of open matters are counted again from the moments they began."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import WorkingTime
from city1361.base.kernel.by import By, Subject
from city1361.centres.execution import clocks
from city1361.centres.execution.duplicates import joined_clocks
from city1361.centres.execution.models import Matter, MatterExclusion, MatterMerge
from city1361.centres.execution.steps.walking import follow_limit
from city1361.centres.execution.terms import OPEN_STATES, Permission

BATCH = 500
CHANGED = [
    "total_due_at", "due_before_extension", "total_limit_minutes", "due_fallback", "stage_due_at", "stage_limit_minutes",
    "handling_limit_minutes",
]  # fmt: skip


def move_limits(by: By, since: date) -> int:
    """Count again all open matters, batch by batch; returns how many limits moved."""
    moved, after = 0, UUID(int=0)
    while True:
        some, after = matters_move_limits(by=by, after=after, since=since)
        moved += some
        if after == UUID(int=0):
            return moved


@action(Permission.MOVE_LIMITS)
def matters_move_limits(*, by: By, after: UUID, since: date) -> Outcome[tuple[int, UUID]]:
    """The next batch of open matters: how many moved, and where the next batch begins (nil: there is none).

    One entry of evidence holds the digest of every limit before and after. Nobody's open page is stale because of it.
    """
    working = calendar.current()
    states = [state.value for state in OPEN_STATES]
    found = Matter.objects.select_for_update().filter(state__in=states, id__gt=after).order_by("id")
    rows = list(found[:BATCH])
    excluded = joined_clocks.exclusions_of([row.id for row in rows])
    joined = _merged_into(rows)
    moved = [
        one
        for row in rows
        if (one := _recounted(working, row, excluded.get(row.id, ()), joined.get(row.id, ()))) is not None
    ]
    Matter.objects.bulk_update([row for row, _ in moved], CHANGED)
    for row, _ in moved:
        follow_limit(row, by)
    following = rows[-1].id if len(rows) == BATCH else UUID(int=0)
    lines = "\n".join(line for _, line in moved)
    facts = {"since": since.isoformat(), "matters": len(moved), "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    subject = Subject("working_calendar", "1", "工作日历")
    return Outcome((len(moved), following), subject=subject, facts=facts, unchanged=not moved)


def _merged_into(rows: Sequence[Matter]) -> dict[UUID, list[MatterMerge]]:
    """The merges of these matters. A report that was merged keeps its own promise, by the calendar as it is now."""
    merges = MatterMerge.objects.filter(kept__in=[row.id for row in rows], split_at=None).select_related("duplicate")
    found: dict[UUID, list[MatterMerge]] = {}
    for one in merges.order_by("id"):
        found.setdefault(one.kept_id, []).append(one)
    duplicates = [one.duplicate for those in found.values() for one in those]
    excluded = joined_clocks.exclusions_of([row.id for row in duplicates])
    for row in duplicates:
        made = clocks.counted_again(calendar.current(), clocks.promise_of(row), excluded.get(row.id, ()))
        row.total_due_at, row.total_limit_minutes = made.due_at, made.minutes
    Matter.objects.bulk_update(duplicates, ["total_due_at", "total_limit_minutes"])
    return found


def _recounted(
    working: WorkingTime, row: Matter, lines: Sequence[MatterExclusion], merges: Sequence[MatterMerge]
) -> tuple[Matter, str] | None:
    before = (row.total_due_at, row.stage_due_at)
    clocks.recount(working, row, lines)
    if merges:
        total = joined_clocks.of_kept(working, row, merges[0].own_clock, merges)
        row.total_due_at, row.total_limit_minutes = total.due_at, total.minutes
    after = (row.total_due_at, row.stage_due_at)
    if after == before:
        return None
    return row, " ".join([row.number, *(_text(one) for one in (*before, *after))])


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "-"
