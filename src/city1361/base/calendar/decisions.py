"""Working time as arithmetic: the days become one running total, so every question is a subtraction or its inverse.

All totals are whole microseconds, so nothing is ever rounded on the way. The functions of `sql/` do the same
on the same rows, and a test holds the two together.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from city1361.base.calendar.terms import NO_SHIFT as NONE
from city1361.base.calendar.terms import REST, DayKind, DayRule, DayShifts, Deadline, Hours, NamedDay, Shift, Unit
from city1361.base.kernel.errors import Invalid

MINUTE = 60_000_000
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Table:
    """Every day from `first` on, with the working minutes before it. `before` has one entry more than `days`."""

    first: date
    zone: ZoneInfo
    days: tuple[DayShifts, ...]
    before: tuple[int, ...]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.days) - 1)


def kind_of(day: date, overrides: Mapping[date, NamedDay], official: Mapping[date, NamedDay]) -> DayKind:
    """What `day` is: the city's override first, then the official announcement, then its weekday."""
    named = overrides.get(day) or official.get(day)
    if named:
        return named.kind
    return DayKind.HOLIDAY if day.weekday() >= _SATURDAY else DayKind.WORKDAY


def hours_on(day: date, hours: Sequence[Hours]) -> Hours:
    """The working hours in force on `day`; `hours` is ordered by `since`. Raises Invalid before the first."""
    at = bisect_right([entry.since for entry in hours], day)
    if not at:
        raise Invalid("calendar_hours_missing", "{day} 没有规定工作时间", params={"day": day.isoformat()})
    return hours[at - 1]


def shifts_of(kind: DayKind, shifts: DayShifts) -> DayShifts:
    """The part of a full day's `shifts` that is worked on a day of this kind."""
    if kind is DayKind.WORKDAY:
        return shifts
    if kind is DayKind.HALF_DAY_AM:
        return DayShifts(shifts.morning, NONE)
    if kind is DayKind.HALF_DAY_PM:
        return DayShifts(NONE, shifts.afternoon)
    return REST


def build(
    first: date,
    last: date,
    zone: ZoneInfo,
    *,
    hours: Sequence[Hours],
    overrides: Mapping[date, NamedDay],
    official: Mapping[date, NamedDay],
) -> Table:
    """The table from `first` to `last`, both included."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    days = tuple(shifts_of(kind_of(day, overrides, official), hours_on(day, hours).shifts) for day in every)
    return table_of(first, zone, days)


def table_of(first: date, zone: ZoneInfo, days: Sequence[DayShifts]) -> Table:
    """A table from days already known, as read back from the database."""
    return Table(first, zone, tuple(days), tuple(accumulate((day.minutes for day in days), initial=0)))


def keeps_one_offset(zone: ZoneInfo, first: date, last: date) -> bool:
    """Whether local time never jumps in these years: the totals count on days of 24 hours."""
    days = range((last - first).days + 1)
    return len({datetime.combine(first + timedelta(days=n), time(12), zone).utcoffset() for n in days}) == 1


def elapsed(table: Table, moment: datetime) -> int:
    """Microseconds of working time from the beginning of the table up to `moment` (aware)."""
    index, since_midnight = _place(table, moment)
    day = table.days[index]
    return table.before[index] * MINUTE + _within(day.morning, since_midnight) + _within(day.afternoon, since_midnight)


def minutes_between(table: Table, start: datetime, end: datetime) -> int:
    """Whole working minutes from `start` to `end`; negative, and as many, when `end` is the earlier one."""
    difference = elapsed(table, end) - elapsed(table, start)
    return difference // MINUTE if difference >= 0 else -(-difference // MINUTE)


def add_minutes(table: Table, start: datetime, minutes: int) -> datetime:
    """The moment (UTC) with that many working minutes between it and `start`; the one nearest to `start`.

    Negative minutes go back. Zero gives `start` itself, also at night. A limit that is used up exactly when
    work ends is due then, not the next morning.
    """
    if not minutes:
        _place(table, start)
        return start.astimezone(UTC)
    total = elapsed(table, start) + minutes * MINUTE
    if not 0 <= total <= table.before[-1] * MINUTE:
        raise _outside(table, start)
    return _earliest(table, total) if minutes > 0 else _latest(table, total)


def is_workday(table: Table, day: date) -> bool:
    """Whether any minute of `day` is worked; a half day is a working day."""
    return table.days[_index(table, day)].minutes > 0


def end_of_working_day(table: Table, start: datetime, days: int) -> datetime:
    """When work ends on the `days`-th working day after the day of `start` (UTC)."""
    index, _ = _place(table, start)
    while days:
        index += 1
        if index >= len(table.days):
            raise _outside(table, start)
        days -= table.days[index].minutes > 0
    shifts = table.days[index]
    return _moment(table, index, max(shifts.morning.end, shifts.afternoon.end) * MINUTE)


def deadline(
    table: Table, start: datetime, amount: int, unit: Unit, *, rule: DayRule, full_day: int, covered_until: date
) -> Deadline:
    """When a limit of `amount` units from `start` ends. `full_day`: working minutes of a full day, for rolling."""
    if amount < 1:
        raise Invalid("calendar_amount", "时限必须是正整数：{amount}", params={"amount": amount})
    if unit in (Unit.MINUTE, Unit.NATURAL_HOUR):
        step = timedelta(minutes=1) if unit is Unit.MINUTE else timedelta(hours=1)
        return Deadline(start.astimezone(UTC) + amount * step)
    if unit is Unit.WORKING_HOUR:
        at = add_minutes(table, start, amount * 60)
    elif rule is DayRule.ROLLING:
        at = add_minutes(table, start, amount * full_day)
    else:
        at = end_of_working_day(table, start, amount)
    return Deadline(at, fallback=at.astimezone(table.zone).date() > covered_until)


def _within(shift: Shift, since_midnight: int) -> int:
    return min(max(since_midnight, shift.start * MINUTE), shift.end * MINUTE) - shift.start * MINUTE


def _earliest(table: Table, total: int) -> datetime:
    index = bisect_left(table.before, -(-total // MINUTE)) - 1
    rest, day = total - table.before[index] * MINUTE, table.days[index]
    morning = day.morning.minutes * MINUTE
    into = day.morning.start * MINUTE + rest if rest <= morning else day.afternoon.start * MINUTE + rest - morning
    return _moment(table, index, into)


def _latest(table: Table, total: int) -> datetime:
    index = bisect_right(table.before, total // MINUTE) - 1
    rest, day = total - table.before[index] * MINUTE, table.days[index]
    morning = day.morning.minutes * MINUTE
    into = day.morning.start * MINUTE + rest if rest < morning else day.afternoon.start * MINUTE + rest - morning
    return _moment(table, index, into)


def _moment(table: Table, index: int, since_midnight: int) -> datetime:
    midnight = datetime.combine(table.first + timedelta(days=index), time(), table.zone)
    return midnight.astimezone(UTC) + timedelta(microseconds=since_midnight)


def _place(table: Table, moment: datetime) -> tuple[int, int]:
    if moment.tzinfo is None:
        raise ValueError("working time is asked for an aware moment only")
    local = moment.astimezone(table.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return _index(table, local.date()), (local - midnight) // timedelta(microseconds=1)


def _index(table: Table, day: date) -> int:
    index = (day - table.first).days
    if not 0 <= index < len(table.days):
        raise _outside(table, day)
    return index


def _outside(table: Table, place: date) -> Invalid:
    return Invalid(
        "calendar_outside",
        "{place} 起算的时限超出工作日历的范围（{first} 至 {last}）",
        remedy="请核对日期；如日期无误，请系统管理员延长工作日历",
        params={"place": place.isoformat(), "first": table.first.isoformat(), "last": table.last.isoformat()},
    )
