"""What is kept of the calendar. Nobody's scope matters: everyone works by the same days."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, DateTimeField, Func

from city1361.base.calendar.models import CalendarDay, WorkingCalendar, WorkingDay
from city1361.base.calendar.seed import official_days
from city1361.base.calendar.terms import DayKind, DayOrigin, DayShifts, Hours, NamedDay, Shift
from city1361.base.kernel.errors import Unavailable


def settings() -> WorkingCalendar:
    """The calendar of this installation. Raises Unavailable while no instance has been loaded."""
    row = WorkingCalendar.objects.first()
    if row is None:
        raise Unavailable(
            "calendar_missing", "工作日历尚未建立", remedy="请系统管理员载入城市实例（city1361 instance load）"
        )
    return row


def stored_shifts() -> list[DayShifts]:
    """The shifts of every day of the running total, from its first day on."""
    rows = WorkingDay.objects.order_by("date").values_list(
        "morning_start", "morning_end", "afternoon_start", "afternoon_end"
    )
    return [DayShifts(Shift(row[0], row[1]), Shift(row[2], row[3])) for row in rows]


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
