"""The two clocks of a matter, counted in working or natural minutes through the calendar: set, stopped, shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from city1361.base.calendar.api import WorkingTime
from city1361.centres.execution.answers import ClockView
from city1361.centres.execution.models import Matter
from city1361.centres.execution.rules import Limit, Rules
from city1361.centres.execution.terms import STAGE_LABELS, Counting, MatterState, Urgency


@dataclass(frozen=True, slots=True)
class Started:
    """A clock that was set: when its limit ends, how many minutes that is, how they are counted."""

    due_at: datetime
    minutes: int
    counting: Counting
    fallback: bool


def start(working: WorkingTime, at: datetime, limit: Limit) -> Started:
    """Set a clock to `limit` from `at`."""
    deadline = working.deadline(at, limit.amount, limit.unit)
    counting = Counting.NATURAL if limit.natural else Counting.WORKING
    return Started(deadline.at, minutes(working, counting, at, deadline.at), counting, deadline.fallback)


def minutes(working: WorkingTime, counting: Counting | str, since: datetime, until: datetime) -> int:
    """Minutes of `counting` between two moments; negative when `until` is the earlier one."""
    if counting == Counting.WORKING:
        return working.minutes_between(since, until)
    whole = abs(until - since) // timedelta(minutes=1)
    return whole if until >= since else -whole


def later(working: WorkingTime, counting: Counting | str, since: datetime, amount: int) -> datetime:
    """The moment that many minutes after `since`; before it when `amount` is negative."""
    if counting == Counting.WORKING:
        return working.add_minutes(since, amount)
    return since + timedelta(minutes=amount)


def start_total(working: WorkingTime, rules: Rules, row: Matter, now: datetime) -> None:
    """Set the total clock: from the report, for type and urgency. Nothing sets it again."""
    started = start(working, now, rules.total(row.type_id, Urgency(row.urgency)))
    row.total_due_at, row.total_limit_minutes, row.total_counting = started.due_at, started.minutes, started.counting
    row.due_fallback, row.limits_example = started.fallback, rules.example


def enter_stage(working: WorkingTime, rules: Rules, row: Matter, state: MatterState, now: datetime) -> None:
    """Set the clock of the stage that begins. Handling goes on where it stopped: rework buys no time."""
    if not state.is_open:
        row.stage_started_at = row.stage_due_at = row.stage_limit_minutes = None
        return
    row.stage_started_at = now
    if state is MatterState.HANDLING and row.handling_limit_minutes is not None:
        left = row.handling_limit_minutes - row.handling_spent_minutes
        row.stage_counting, row.stage_limit_minutes = row.handling_counting, row.handling_limit_minutes
        row.stage_due_at = later(working, row.handling_counting, now, left)
        return
    started = start(working, now, rules.stage(state, row.type_id, Urgency(row.urgency)))
    row.stage_due_at, row.stage_limit_minutes, row.stage_counting = started.due_at, started.minutes, started.counting
    row.due_fallback = row.due_fallback or started.fallback
    if state is MatterState.HANDLING:
        row.handling_limit_minutes, row.handling_counting = started.minutes, started.counting


def leave_stage(working: WorkingTime, row: Matter, state: MatterState, now: datetime) -> None:
    """Keep what the stage that ends has used, where that counts later."""
    if state is MatterState.HANDLING and row.stage_started_at is not None:
        spent = minutes(working, row.handling_counting, row.stage_started_at, now)
        row.handling_spent_minutes += max(0, spent)


def total(working: WorkingTime, matter: Matter, now: datetime) -> ClockView:
    """The clock from the report on. It stops when the matter is closed or refused, and goes on when it is reopened."""
    at = matter.closed_at or now
    return ClockView(
        label="总",
        counting=Counting(matter.total_counting),
        started_at=matter.reported_at,
        due_at=matter.total_due_at,
        limit_minutes=matter.total_limit_minutes,
        left_minutes=minutes(working, matter.total_counting, at, matter.total_due_at),
        overdue=at > matter.total_due_at,
        stopped_at=matter.closed_at,
        fallback=matter.due_fallback,
        example=matter.limits_example,
    )


def stage(working: WorkingTime, matter: Matter, now: datetime) -> ClockView | None:
    """The clock of the stage an open matter is in."""
    if matter.stage_due_at is None or matter.stage_started_at is None:
        return None
    return ClockView(
        label=STAGE_LABELS[MatterState(matter.state)],
        counting=Counting(matter.stage_counting),
        started_at=matter.stage_started_at,
        due_at=matter.stage_due_at,
        limit_minutes=matter.stage_limit_minutes or 0,
        left_minutes=minutes(working, matter.stage_counting, now, matter.stage_due_at),
        overdue=now > matter.stage_due_at,
        fallback=matter.due_fallback,
        example=matter.limits_example,
    )
