"""Periods that are counted: a day, a week or a month of the city, written as 2026-11-23, 2026-W47 and 2026-11."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils.timezone import get_default_timezone

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid

_FORMS = re.compile(r"(20\d\d)(?:-W(0[1-9]|[1-4]\d|5[0-3])|-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)", re.ASCII)


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` (included) to `after` (not included)."""

    kind: PeriodKind
    first: date
    after: date

    @property
    def text(self) -> str:
        """As it is written in an address."""
        if self.kind is PeriodKind.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        return f"{self.first:%Y-%m}" if self.kind is PeriodKind.MONTH else self.first.isoformat()

    @property
    def since(self) -> datetime:
        """The moment it begins in the city."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The moment it is over."""
        return _midnight(self.after)

    @property
    def before(self) -> Period:
        """The one before it."""
        return period_of(self.kind, self.first - timedelta(days=1))


def period_of(kind: PeriodKind, day: date) -> Period:
    """The day, the week from Monday, or the month that holds `day`."""
    if kind is PeriodKind.DAY:
        return Period(kind, day, day + timedelta(days=1))
    if kind is PeriodKind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(kind, monday, monday + timedelta(days=7))
    first = day.replace(day=1)
    return Period(kind, first, (first + timedelta(days=31)).replace(day=1))


def period_from(text: str) -> Period:
    """The period that is written so. Raises Invalid."""
    found = _FORMS.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        year, week, month, day = found.groups()
        if week:
            return period_of(PeriodKind.WEEK, date.fromisocalendar(int(year), int(week), 1))
        kind = PeriodKind.DAY if day else PeriodKind.MONTH
        return period_of(kind, date(int(year), int(month), int(day or 1)))
    except ValueError as error:
        raise Invalid(
            "bad_period", "统计期无法识别", where="period", remedy="请写成年月、年周或日期，如2026-11"
        ) from error


def period_at(kind: PeriodKind, moment: datetime) -> Period:
    """The one that runs at a moment."""
    return period_of(kind, moment.astimezone(get_default_timezone()).date())


def period_now(kind: PeriodKind) -> Period:
    """The one that runs now."""
    return period_at(kind, clock.now())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_default_timezone())
