"""The door of base.calendar."""

from __future__ import annotations

from datetime import date, datetime

from city1361.base.calendar.building import establish, override, rebuild, unusable
from city1361.base.calendar.queries import (
    AddWorkingMinutes,
    WorkingMinutesBetween,
    day,
    entered_days,
)
from city1361.base.calendar.terms import (
    DayKind,
    DayRule,
    DayShifts,
    Deadline,
    Hours,
    NamedDay,
    Rebuilt,
    Rules,
    Shift,
    Unit,
)
from city1361.base.calendar.working_time import WorkingTime, current

__all__ = [
    "AddWorkingMinutes",
    "DayKind",
    "DayRule",
    "DayShifts",
    "Deadline",
    "Hours",
    "NamedDay",
    "Rebuilt",
    "Rules",
    "Shift",
    "Unit",
    "WorkingMinutesBetween",
    "WorkingTime",
    "add_working_minutes",
    "covered_until",
    "current",
    "day",
    "deadline",
    "entered_days",
    "establish",
    "is_workday",
    "override",
    "rebuild",
    "unusable",
    "working_minutes_between",
]


def working_minutes_between(start: datetime, end: datetime) -> int:
    """Whole working minutes from `start` to `end` (aware); negative when `end` is the earlier one.

    Each of these functions asks the database once which edition is in force; for many, take `current()` once.
    Raises Invalid for moments outside the calendar.
    """
    return current().minutes_between(start, end)


def add_working_minutes(start: datetime, minutes: int) -> datetime:
    """The moment (UTC) that many working minutes after `start`; the one nearest to it. Negative goes back."""
    return current().add_minutes(start, minutes)


def is_workday(on: date) -> bool:
    """Whether any minute of that day is worked; half days and make-up week-ends are."""
    return current().is_workday(on)


def deadline(start: datetime, amount: int, unit: Unit | str) -> Deadline:
    """When a limit of `amount` units (minute, natural_hour, working_hour, working_day) from `start` ends.

    `fallback` of the answer is true beyond `covered_until()`: say so wherever the moment is shown.
    """
    return current().deadline(start, amount, unit)


def covered_until() -> date:
    """The last day whose holidays have been announced; later days are taken by their weekday."""
    return current().covered_until
