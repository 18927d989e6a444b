"""The days the State Council announced, as the package `chinesecalendar` (MIT) transcribes them year by year."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays

from city1361.base.calendar.terms import DayKind, NamedDay

SOURCE = f"国务院办公厅节假日安排（chinesecalendar {version('chinesecalendar')}）"

# The package refuses every year after its last one; it always carries whole years.
OFFICIAL_UNTIL = date(max(holidays).year, 12, 31)

_CHINESE: dict[str, str] = {holiday.value: holiday.chinese for holiday in Holiday}  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def official_days() -> dict[date, NamedDay]:
    """Holidays and make-up working days by date. Days that follow their weekday are not among them."""
    days = {day: NamedDay(day, DayKind.HOLIDAY, _CHINESE[name], SOURCE) for day, name in holidays.items()}
    made_up = {day: NamedDay(day, DayKind.WORKDAY, f"{_CHINESE[name]}调休", SOURCE) for day, name in workdays.items()}
    return days | made_up
