"""The total clock of a matter that others were merged into, counted again from the beginning of each: its own and theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.calendar.api import WorkingTime
from city1361.centres.execution import clocks
from city1361.centres.execution.duplicates.merge_rules import TotalClock, together
from city1361.centres.execution.models import Matter, MatterExclusion, MatterMerge


def of_kept(working: WorkingTime, kept: Matter, own: Mapping[str, Any], still: Sequence[MatterMerge]) -> TotalClock:
    """The clock of `kept` by its own report and those that are still merged. own: its clock before the first merge. What
    was granted to it while they were merged moves theirs too."""
    excluded = exclusions_of([kept.id, *(one.duplicate_id for one in still)])
    lines, began = excluded.get(kept.id, []), TotalClock.from_json(dict(own))
    promise = replace(
        clocks.promise_of(kept), reported_at=began.reported_at, minutes=began.minutes, counting=began.counting
    )
    found = [_clock(began.reported_at, clocks.counted_again(working, promise, lines))]
    for one in still:
        row = one.duplicate
        since = [line for line in lines if line.since >= one.merged_at]
        moved = clocks.counted_again(working, clocks.promise_of(row), [*excluded.get(row.id, ()), *since])
        found.append(_clock(row.reported_at, moved))
    return together(found)


def exclusions_of(matters: Iterable[UUID]) -> dict[UUID, list[MatterExclusion]]:
    """What was excluded of these matters, oldest first."""
    found: dict[UUID, list[MatterExclusion]] = {}
    for one in MatterExclusion.objects.filter(matter__in=list(matters)).order_by("id"):
        found.setdefault(one.matter_id, []).append(one)
    return found


def _clock(reported_at: datetime, made: clocks.Started) -> TotalClock:
    return TotalClock(reported_at, made.due_at, made.minutes, made.counting)
