"""Making the running total: the one place that writes it. Whoever calls this leaves the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from city1361.base.calendar import decisions
from city1361.base.calendar.models import CalendarDay, WorkingCalendar, WorkingDay
from city1361.base.calendar.queries import entered_days, hours_from, hours_to, settings
from city1361.base.calendar.seed import OFFICIAL_UNTIL, official_days
from city1361.base.calendar.terms import DayOrigin, DayShifts, NamedDay, Rebuilt, Rules
from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.ids import new_id

_ONE_AT_A_TIME = 1361_0002  # key of the advisory lock
_Row = tuple[date, int, int, int, int, int, int]
_COLUMNS = "date, morning_start, morning_end, afternoon_start, afternoon_end, minutes, before"


def unusable(rules: Rules) -> Invalid | None:
    """What makes these rules impossible, found without the database: a time zone whose local time jumps."""
    zone = ZoneInfo(rules.timezone)
    if decisions.keeps_one_offset(zone, rules.first, _last_day(rules.first, rules.years_ahead, zone)):
        return None
    return Invalid(
        "calendar_summer_time",
        "时区 {timezone} 实行夏令时，工作日历不支持",
        where="timezone",
        remedy="请改用没有夏令时的时区，或推迟起始日期",
        params={"timezone": rules.timezone},
    )


@transaction.atomic
def establish(rules: Rules, days: Iterable[NamedDay] = ()) -> Rebuilt:
    """Take over a city's rules and the days of its instance folder; days entered by officials stay.

    Raises Invalid for a time zone whose local time jumps.
    """
    _lock()
    problem = unusable(rules)
    if problem is not None:
        raise problem
    taken_over = {
        "timezone": rules.timezone,
        "first": rules.first,
        "years_ahead": rules.years_ahead,
        "hours": [hours_to(hours) for hours in rules.hours],
        "day_rule": rules.day_rule,
        "announced_until": rules.announced_until,
    }
    unbuilt = {"covered_until": rules.first, "built_at": clock.now()}
    WorkingCalendar.objects.update_or_create(id=1, defaults=taken_over, create_defaults=taken_over | unbuilt)
    CalendarDay.objects.filter(origin=DayOrigin.INSTANCE).delete()
    _enter(days, DayOrigin.INSTANCE)
    return rebuild()


@transaction.atomic
def override(
    days: Iterable[NamedDay] = (), *, restored: Iterable[date] = (), announced_until: date | None = None
) -> Rebuilt:
    """Enter days over everything else said of them, give others back, and rebuild.

    announced_until: the announced holidays have been entered up to this day; None leaves it as it was.
    """
    _lock()
    entered = list(days)
    CalendarDay.objects.filter(origin=DayOrigin.OVERRIDE, date__in=[*restored, *(day.date for day in entered)]).delete()
    _enter(entered, DayOrigin.OVERRIDE)
    if announced_until is not None:
        WorkingCalendar.objects.update(announced_until=announced_until)
    return rebuild()


@transaction.atomic
def rebuild() -> Rebuilt:
    """Make the running total anew, up to the full years ahead of today; written only when a day has changed.

    Raises Unavailable while no instance has been loaded.
    """
    _lock()
    known = settings()
    zone = ZoneInfo(known.timezone)
    built = decisions.build(
        known.first,
        _last_day(known.first, known.years_ahead, zone),
        zone,
        hours=[hours_from(entry) for entry in known.hours],
        overrides=entered_days(),
        official=official_days(),
    )
    rows = _rows(built)
    new = {row[0]: row[1:5] for row in rows}
    old = {row[0]: row[1:5] for row in WorkingDay.objects.values_list(*_COLUMNS.split(", "))}
    changed = sorted(day for day in new.keys() | old.keys() if new.get(day) != old.get(day))
    known.covered_until = max(OFFICIAL_UNTIL, known.announced_until or OFFICIAL_UNTIL)
    known.edition, known.built_at = new_id(), clock.now()
    known.save()
    database.forget()
    if changed:
        _replace(rows)
    return Rebuilt(len(changed), changed[0] if changed else None)


def _last_day(first: date, years_ahead: int, zone: ZoneInfo) -> date:
    return date(max(first, clock.now().astimezone(zone).date()).year + years_ahead, 12, 31)


def _enter(days: Iterable[NamedDay], origin: DayOrigin) -> None:
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day.date, origin=origin, kind=day.kind, name=day.name, source=day.source) for day in days
    )


def _rows(table: decisions.Table) -> list[_Row]:
    return [
        (table.first + timedelta(days=at), *_edges(day), day.minutes, table.before[at])
        for at, day in enumerate(table.days)
    ]


def _edges(day: DayShifts) -> tuple[int, int, int, int]:
    return day.morning.start, day.morning.end, day.afternoon.start, day.afternoon.end


def _replace(rows: list[_Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_calendar_workingday")
        with cursor.copy(f"COPY base_calendar_workingday ({_COLUMNS}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
