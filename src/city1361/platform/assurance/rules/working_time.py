"""`calendar.yaml` as it must look."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from city1361.base.calendar.api import DayKind, DayRule, DayShifts, Hours, NamedDay, Rules, Shift
from city1361.platform.assurance.standards.instance.api import Declaration


def shift(text: Any) -> Shift:
    """`09:00-12:00` as minutes after midnight; `24:00` is the end of the day. Raises ValueError."""
    if isinstance(text, Shift):
        return text
    try:
        (opens, closes) = (_minutes(part) for part in str(text).split("-"))
    except ValueError:
        raise ValueError("write a stretch of work as 09:00-12:00") from None
    if not 0 <= opens <= closes <= 24 * 60:
        raise ValueError("a stretch of work begins before it ends, within one day")
    return Shift(opens, closes)


def _minutes(clock: str) -> int:
    hours, minutes = (int(part) for part in clock.strip().split(":"))
    if not 0 <= minutes < 60:
        raise ValueError("an hour has sixty minutes")
    return hours * 60 + minutes


Stretch = Annotated[Any, BeforeValidator(shift)]


class HoursDeclaration(Declaration):
    """Working hours from a day on. `example` says that nobody has confirmed them."""

    since: datetime.date
    morning: Stretch
    afternoon: Stretch
    source: str = Field(min_length=1)
    example: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> HoursDeclaration:
        if self.morning.end > self.afternoon.start:
            raise ValueError("the morning ends before the afternoon begins")
        return self

    def value(self) -> Hours:
        return Hours(self.since, DayShifts(self.morning, self.afternoon), self.source, self.example)


class DayDeclaration(Declaration):
    """A day that differs from its weekday and from what the State Council announced."""

    date: datetime.date
    kind: DayKind
    name: str = Field(min_length=1, max_length=60)
    source: str = Field(min_length=1, max_length=200)

    def value(self) -> NamedDay:
        return NamedDay(self.date, self.kind, self.name, self.source)


class CalendarDeclaration(Declaration):
    """`calendar.yaml`."""

    hours: list[HoursDeclaration] = Field(min_length=1)
    years_ahead: int = Field(default=10, ge=2, le=30)
    working_day: DayRule = DayRule.NEXT_DAY
    announced_until: datetime.date | None = None
    days: list[DayDeclaration] = Field(default_factory=list)

    @model_validator(mode="after")
    def _each_once(self) -> CalendarDeclaration:
        if any(earlier.since >= later.since for earlier, later in pairwise(self.hours)):
            raise ValueError("hours are ordered by `since`, each later than the one before")
        dates = [day.date for day in self.days]
        twice = sorted({day.isoformat() for day in dates if dates.count(day) > 1})
        if twice:
            raise ValueError(f"entered twice: {', '.join(twice)}")
        return self

    def rules(self, timezone: str) -> Rules:
        return Rules(
            timezone=timezone,
            first=self.hours[0].since,
            hours=tuple(entry.value() for entry in self.hours),
            years_ahead=self.years_ahead,
            day_rule=self.working_day,
            announced_until=self.announced_until,
        )
