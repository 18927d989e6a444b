"""The two clocks of a matter, counted in working or natural minutes through the calendar: set, stopped, shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from city1361.base.calendar.api import WorkingTime
from city1361.centres.execution.answers import ClockView
from city1361.centres.execution.models import Matter, MatterExclusion
from city1361.centres.execution.rules import Limit
from city1361.centres.execution.terms import STAGE_LABELS, Counting, ExclusionKind, MatterState, Urgency


class Limits(Protocol):
    """The rules of a day, as far as clocks ask them."""

    @property
    def example(self) -> bool: ...

    @property
    def dispute(self) -> Limit: ...

    def total(self, type_code: str, urgency: Urgency) -> Limit: ...

    def stage(self, state: MatterState, type_code: str, urgency: Urgency) -> Limit: ...


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


def start_total(working: WorkingTime, rules: Limits, row: Matter, now: datetime) -> None:
    """Set the total clock: from the report, for type and urgency. Nothing sets it again."""
    limit = rules.total(row.type_id, Urgency(row.urgency))
    started = start(working, now, limit)
    row.total_due_at, row.total_limit_minutes, row.total_counting = started.due_at, started.minutes, started.counting
    row.total_amount, row.total_unit = limit.amount, limit.unit
    row.due_fallback, row.limits_example = started.fallback, rules.example


def enter_stage(working: WorkingTime, rules: Limits, row: Matter, state: MatterState, now: datetime) -> None:
    """Set the clock of the stage that begins. Handling goes on where it stopped: rework buys no time, and neither does
    another handler. A matter that came back waits no longer than a dispute may last, however often it is given and taken."""
    if not state.is_open:
        row.stage_started_at = row.stage_due_at = row.stage_limit_minutes = None
        return
    disputed = row.disputed_since if state is MatterState.DISPATCHING else None
    row.stage_started_at = since = disputed or now
    if state is MatterState.HANDLING and row.handling_limit_minutes is not None:
        go_on_handling(working, row, now)
        return
    limit = rules.dispute if disputed else rules.stage(state, row.type_id, Urgency(row.urgency))
    started = start(working, since, limit)
    row.stage_due_at, row.stage_limit_minutes, row.stage_counting = started.due_at, started.minutes, started.counting
    row.stage_amount, row.stage_unit = limit.amount, limit.unit
    row.due_fallback = row.due_fallback or started.fallback
    if state is MatterState.HANDLING:
        row.handling_limit_minutes, row.handling_counting = started.minutes, started.counting


def go_on_handling(working: WorkingTime, row: Matter, now: datetime) -> None:
    """Let the handling clock go on from `now` with what is left of it."""
    left = (row.handling_limit_minutes or 0) - row.handling_spent_minutes
    row.stage_counting, row.stage_limit_minutes = row.handling_counting, row.handling_limit_minutes
    row.stage_started_at, row.stage_due_at = now, later(working, row.handling_counting, now, left)
    row.stage_amount, row.stage_unit = None, ""


def leave_stage(working: WorkingTime, row: Matter, state: MatterState, now: datetime) -> None:
    """Keep what the stage that ends has used, where that counts later."""
    if state is MatterState.HANDLING and row.stage_started_at is not None:
        spent = minutes(working, row.handling_counting, row.stage_started_at, now)
        row.handling_spent_minutes += max(0, spent)


def stop(working: WorkingTime, row: Matter, now: datetime) -> None:
    """Both clocks stand still from `now` on."""
    leave_stage(working, row, MatterState(row.state), now)
    row.paused_at = now


def go_on(working: WorkingTime, row: Matter, now: datetime) -> int:
    """Both clocks go on with what was left when they stopped. Returns the minutes that the total clock left out."""
    since = row.paused_at
    if since is None:
        return 0
    left_out = max(0, minutes(working, row.total_counting, since, now))
    row.total_due_at = _moved(working, row.total_counting, since, now, row.total_due_at)
    if row.due_before_extension is not None:
        row.due_before_extension = _moved(working, row.total_counting, since, now, row.due_before_extension)
    if MatterState(row.state) is MatterState.HANDLING:
        go_on_handling(working, row, now)
    elif row.stage_due_at is not None:
        row.stage_due_at = _moved(working, row.stage_counting, since, now, row.stage_due_at)
    row.paused_at, row.paused_minutes = None, row.paused_minutes + left_out
    return left_out


def _moved(working: WorkingTime, counting: Counting | str, since: datetime, now: datetime, due: datetime) -> datetime:
    """A limit after standing still from `since` to `now`: what was left then, or was over by, is left now."""
    return later(working, counting, now, minutes(working, counting, since, due))


def prolong(working: WorkingTime, row: Matter, limit: Limit) -> int:
    """Give more time: to the total limit from where it ends, and to handling. Returns the minutes of the total clock."""
    before = row.total_due_at
    row.due_before_extension = row.due_before_extension or before
    deadline = working.deadline(before, limit.amount, limit.unit)
    row.total_due_at, row.due_fallback = deadline.at, row.due_fallback or deadline.fallback
    more = minutes(working, row.total_counting, before, deadline.at)
    row.total_limit_minutes += more
    if MatterState(row.state) is MatterState.HANDLING and row.stage_due_at is not None:
        stage_due = working.deadline(row.stage_due_at, limit.amount, limit.unit).at
        row.handling_limit_minutes = (row.handling_limit_minutes or 0) + minutes(
            working, row.handling_counting, row.stage_due_at, stage_due
        )
        row.stage_due_at, row.stage_limit_minutes = stage_due, row.handling_limit_minutes
        row.stage_amount, row.stage_unit = None, ""
    return more


@dataclass(frozen=True, slots=True)
class Promise:
    """What was laid down for the total clock on the day: since when, how much of what; minutes where only those are known."""

    reported_at: datetime
    amount: int | None
    unit: str
    minutes: int
    counting: Counting | str
    fallback: bool = False


def promise_of(row: Matter) -> Promise:
    """The promise of a matter that nothing was merged into."""
    return Promise(
        row.reported_at, row.total_amount, row.total_unit, row.total_limit_minutes, row.total_counting, row.due_fallback
    )


def recount(working: WorkingTime, row: Matter, exclusions: Sequence[MatterExclusion]) -> None:
    """Both limits again from the moments they began, by a calendar that has changed: the limits laid down on the day,
    what was granted, and the times they stood still, in their order."""
    promise = promise_of(row)
    made = counted_again(working, promise, exclusions)
    not_extended = [one for one in exclusions if one.kind != ExclusionKind.EXTENDED]
    if len(not_extended) < len(exclusions):
        row.due_before_extension = counted_again(working, promise, not_extended).due_at
    row.total_due_at, row.due_fallback, row.total_limit_minutes = made.due_at, made.fallback, made.minutes
    _recount_stage(working, row, exclusions)


def counted_again(working: WorkingTime, promise: Promise, exclusions: Sequence[MatterExclusion]) -> Started:
    """A total limit from its beginning, with what was excluded of it in that order."""
    if promise.amount:
        made = start(working, promise.reported_at, Limit(promise.amount, promise.unit))
    else:
        due = later(working, promise.counting, promise.reported_at, promise.minutes)
        made = Started(due, promise.minutes, Counting(promise.counting), promise.fallback)
    due, limit = made.due_at, made.minutes
    for one in exclusions:
        due, more = _excluded(working, made.counting, one, due)
        limit += more if promise.amount else 0
    return Started(due, limit, made.counting, made.fallback)


def _excluded(working: WorkingTime, counting: Counting, one: MatterExclusion, due: datetime) -> tuple[datetime, int]:
    """The total limit after one exclusion, and the minutes it was prolonged by."""
    if one.kind == ExclusionKind.EXTENDED and one.amount:
        later_due = working.deadline(due, one.amount, one.unit).at
        return later_due, minutes(working, counting, due, later_due)
    if one.kind in (ExclusionKind.PAUSED, ExclusionKind.SHELVED_MATTER) and one.until is not None:
        return _moved(working, counting, one.since, one.until, due), 0
    return due, 0


def _recount_stage(working: WorkingTime, row: Matter, exclusions: Sequence[MatterExclusion]) -> None:
    if row.stage_started_at is None or row.stage_due_at is None:
        return
    if row.stage_amount:
        started = start(working, row.stage_started_at, Limit(row.stage_amount, row.stage_unit))
        row.stage_due_at, row.stage_limit_minutes = started.due_at, started.minutes
        if MatterState(row.state) is MatterState.HANDLING:
            row.handling_limit_minutes = started.minutes
        for one in exclusions:
            if one.until is not None and one.since >= row.stage_started_at:
                row.stage_due_at = _moved(working, row.stage_counting, one.since, one.until, row.stage_due_at)
    elif MatterState(row.state) is MatterState.HANDLING and row.paused_at is None:
        left = (row.handling_limit_minutes or 0) - row.handling_spent_minutes
        row.stage_due_at = later(working, row.handling_counting, row.stage_started_at, left)


def amber_minutes(limit: int) -> int:
    """How many minutes before its end a limit begins to press: a fifth of it, half an hour at least, never all of it."""
    return min(max(30, limit // 5), max(1, limit // 2))


def amber(working: WorkingTime, row: Matter) -> datetime | None:
    """The moment from which the limit of the stage presses."""
    if row.stage_due_at is None or row.paused_at is not None:
        return None
    return later(working, row.stage_counting, row.stage_due_at, -amber_minutes(row.stage_limit_minutes or 0))


def total(working: WorkingTime, matter: Matter, now: datetime) -> ClockView:
    """The clock from the report on. It stops when the matter is closed or refused, and goes on when it is reopened."""
    stopped = matter.closed_at or matter.paused_at
    at = stopped or now
    return ClockView(
        label="总",
        counting=Counting(matter.total_counting),
        started_at=matter.reported_at,
        due_at=matter.total_due_at,
        limit_minutes=matter.total_limit_minutes,
        left_minutes=minutes(working, matter.total_counting, at, matter.total_due_at),
        overdue=at > matter.total_due_at,
        stopped_at=stopped,
        paused=stopped is not None and matter.closed_at is None,
        fallback=matter.due_fallback,
        example=matter.limits_example,
    )


def stage(working: WorkingTime, matter: Matter, now: datetime) -> ClockView | None:
    """The clock of the stage an open matter is in."""
    if matter.stage_due_at is None or matter.stage_started_at is None:
        return None
    at = matter.paused_at or now
    return ClockView(
        label=STAGE_LABELS[MatterState(matter.state)],
        counting=Counting(matter.stage_counting),
        started_at=matter.stage_started_at,
        due_at=matter.stage_due_at,
        limit_minutes=matter.stage_limit_minutes or 0,
        left_minutes=minutes(working, matter.stage_counting, at, matter.stage_due_at),
        overdue=at > matter.stage_due_at,
        stopped_at=matter.paused_at,
        paused=matter.paused_at is not None,
        fallback=matter.due_fallback,
        example=matter.limits_example,
    )
