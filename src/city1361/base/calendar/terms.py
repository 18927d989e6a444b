"""Words and values of the working calendar. Minutes are minutes after local midnight unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class DayKind(StrEnum):
    """What a day is for those who work by the calendar."""

    WORKDAY = "workday"
    HOLIDAY = "holiday"
    HALF_DAY_AM = "half_day_am"
    HALF_DAY_PM = "half_day_pm"


class Unit(StrEnum):
    """Units of a time limit. Minutes and natural hours run through nights and holidays."""

    MINUTE = "minute"
    NATURAL_HOUR = "natural_hour"
    WORKING_HOUR = "working_hour"
    WORKING_DAY = "working_day"


class DayRule(StrEnum):
    """How a limit in working days is counted.

    next_day: the first day does not count, the limit ends when work ends on the last one. rolling: so many
    times the minutes of a full day, from the very moment.
    """

    NEXT_DAY = "next_day"
    ROLLING = "rolling"


class DayOrigin(StrEnum):
    """Who entered a day: the instance folder, or an official, who comes first."""

    INSTANCE = "instance"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Shift:
    """A stretch of work within one day, from `start` up to `end`; equal ends mean no work."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


NO_SHIFT = Shift(0, 0)


@dataclass(frozen=True, slots=True)
class DayShifts:
    """The two stretches of one day. A day without a break has its whole work in one of them."""

    morning: Shift
    afternoon: Shift

    @property
    def minutes(self) -> int:
        return self.morning.minutes + self.afternoon.minutes


REST = DayShifts(NO_SHIFT, NO_SHIFT)


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours in force from `since` on. `example` marks hours nobody has confirmed."""

    since: date
    shifts: DayShifts
    source: str = ""
    example: bool = False


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that differs from its weekday: announced by the State Council, or overridden by the city."""

    date: date
    kind: DayKind
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What a city decides about its working time. `hours` is ordered by `since` and begins at `first` or before.

    years_ahead: full years kept ready after the current one. announced_until: see WorkingCalendar.
    """

    timezone: str
    first: date
    hours: tuple[Hours, ...]
    years_ahead: int = 10
    day_rule: DayRule = DayRule.NEXT_DAY
    announced_until: date | None = None


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What rebuilding did: how many days of the running total are worked differently now, and the first of them."""

    days: int
    since: date | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment (UTC) a limit ends. `fallback`: it lies beyond the announced holidays and may still move."""

    at: datetime
    fallback: bool = False
