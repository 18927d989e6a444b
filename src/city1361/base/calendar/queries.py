"""What the calendar says. Nobody's scope matters: everyone works by the same days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, DateTimeField, Func

from city1361.base.calendar import decisions
from city1361.base.calendar.models import CalendarDay, WorkingCalendar, WorkingDay
from city1361.base.calendar.seed import official_days
from city1361.base.calendar.terms import (
    DayKind,
    DayOrigin,
    DayRule,
    DayShifts,
    Deadline,
    Hours,
    NamedDay,
    Shift,
    Unit,
)
from city1361.base.kernel.errors import Unavailable


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """One edition of the calendar, in memory: take it once and ask it often."""

    edition: UUID
    table: decisions.Table
    hours: tuple[Hours, ...]
    day_rule: DayRule
    covered_until: date

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` to `end`; negative when `end` is earlier."""
        return decisions.minutes_between(self.table, start, end)

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The moment (UTC) that many working minutes after `start`; before it when negative."""
        return decisions.add_minutes(self.table, start, minutes)

    def is_workday(self, day: date) -> bool:
        """Whether any minute of `day` is worked."""
        return decisions.is_workday(self.table, day)

    def deadline(self, start: datetime, amount: int, unit: Unit | str) -> Deadline:
        """When a limit of `amount` units from `start` ends."""
        full_day = decisions.hours_on(start.astimezone(self.table.zone).date(), self.hours).shifts.minutes
        return decisions.deadline(
            self.table,
            start,
            amount,
            Unit(unit),
            rule=self.day_rule,
            full_day=full_day,
            covered_until=self.covered_until,
        )


_known: WorkingTime | None = None


def current() -> WorkingTime:
    """The edition in force. Asks the database which one that is, and reads it only when it is new here.

    Raises Unavailable while no instance has been loaded.
    """
    global _known
    row = WorkingCalendar.objects.first()
    if row is None:
        raise calendar_missing()
    if _known is None or _known.edition != row.edition:
        _known = WorkingTime(
            edition=row.edition,
            table=_table(ZoneInfo(row.timezone)),
            hours=tuple(hours_from(entry) for entry in row.hours),
            day_rule=DayRule(row.day_rule),
            covered_until=row.covered_until,
        )
    return _known


def calendar_missing() -> Unavailable:
    """What is said while no instance has been loaded."""
    return Unavailable(
        "calendar_missing", "工作日历尚未建立", remedy="请系统管理员载入城市实例（city1361 instance load）"
    )


def _table(zone: ZoneInfo) -> decisions.Table:
    rows = WorkingDay.objects.order_by("date").values_list(
        "date", "morning_start", "morning_end", "afternoon_start", "afternoon_end"
    )
    stored = list(rows)
    days = [DayShifts(Shift(row[1], row[2]), Shift(row[3], row[4])) for row in stored]
    return decisions.table_of(stored[0][0], zone, days)


def day(date_: date) -> NamedDay | None:
    """What is special about a day, by whom it was said: an official, the instance folder, the State Council."""
    rows = {row.origin: row for row in CalendarDay.objects.filter(date=date_)}
    row = rows.get(DayOrigin.OVERRIDE) or rows.get(DayOrigin.INSTANCE)
    return NamedDay(row.date, DayKind(row.kind), row.name, row.source) if row else official_days().get(date_)


def entered_days() -> dict[date, NamedDay]:
    """The days the city entered itself; where both did, the official's goes before the instance folder's."""
    rows = CalendarDay.objects.order_by("origin")  # "instance" before "override", which replaces it
    return {row.date: NamedDay(row.date, DayKind(row.kind), row.name, row.source) for row in rows}


def hours_from(entry: dict[str, Any]) -> Hours:
    """Working hours as they stand in the `hours` column."""
    shifts = DayShifts(Shift(*entry["morning"]), Shift(*entry["afternoon"]))
    return Hours(date.fromisoformat(entry["since"]), shifts, entry["source"], entry["example"])


def hours_to(hours: Hours) -> dict[str, Any]:
    """Working hours as they are kept in the `hours` column."""
    morning, afternoon = hours.shifts.morning, hours.shifts.afternoon
    return {
        "since": hours.since.isoformat(),
        "morning": [morning.start, morning.end],
        "afternoon": [afternoon.start, afternoon.end],
        "source": hours.source,
        "example": hours.example,
    }


class WorkingMinutesBetween(Func):
    """In a query: whole working minutes from one moment to another."""

    function = "city1361_working_minutes_between"
    arity = 2
    output_field = BigIntegerField()


class AddWorkingMinutes(Func):
    """In a query: the moment that many working minutes after another."""

    function = "city1361_add_working_minutes"
    arity = 2
    output_field = DateTimeField()
