"""The edition of the calendar in force, in memory: one small query tells whether it still is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from city1361.base.calendar import decisions, queries
from city1361.base.calendar.terms import DayRule, Deadline, Hours, Unit
from city1361.base.database import api as database


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
        rolling = self.day_rule is DayRule.ROLLING and unit == Unit.WORKING_DAY
        on = start.astimezone(self.table.zone).date()
        return decisions.deadline(
            self.table,
            start,
            amount,
            Unit(unit),
            rule=self.day_rule,
            full_day=decisions.hours_on(on, self.hours).shifts.minutes if rolling else 0,
            covered_until=self.covered_until,
        )


_known: WorkingTime | None = None


def current() -> WorkingTime:
    """The edition in force. Asks the database which one that is, and reads it only when it is new here.

    Raises Unavailable while no instance has been loaded.
    """
    global _known
    row = database.once("calendar", queries.settings)
    if _known is None or _known.edition != row.edition:
        _known = WorkingTime(
            edition=row.edition,
            table=decisions.table_of(row.first, ZoneInfo(row.timezone), queries.stored_shifts()),
            hours=tuple(queries.hours_from(entry) for entry in row.hours),
            day_rule=DayRule(row.day_rule),
            covered_until=row.covered_until,
        )
    return _known
