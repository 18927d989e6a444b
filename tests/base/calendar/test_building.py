"""The calendar as it is kept: established, overridden, rebuilt, asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import DayKind, DayShifts, Hours, NamedDay, Rebuilt, Rules, Shift, Unit
from city1361.base.calendar.doctor import findings
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid, Unavailable

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OFFICE = DayShifts(Shift(540, 720), Shift(840, 1080))
RULES = Rules("Asia/Shanghai", date(2025, 1, 1), (Hours(date(2025, 1, 1), OFFICE, "示例", example=True),), 3)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def today() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def established(db: None, today: None) -> Rebuilt:
    return calendar.establish(RULES)


def test_the_questions_of_a_working_day(established: Rebuilt) -> None:
    assert calendar.working_minutes_between(at("2026-11-20 17:00"), at("2026-11-23 10:00")) == 120
    assert calendar.add_working_minutes(at("2026-11-20 17:00"), 120) == at("2026-11-23 10:00")
    assert calendar.is_workday(date(2026, 10, 10))
    assert not calendar.is_workday(date(2026, 10, 1))
    found = calendar.deadline(at("2026-12-31 10:00"), 2, "working_day")
    assert (found.at, found.fallback) == (at("2027-01-04 18:00"), True)
    assert calendar.covered_until() >= date(2026, 12, 31)
    assert calendar.day(date(2026, 10, 1)).name == "国庆节"
    assert calendar.day(date(2026, 11, 23)) is None


def test_the_table_reaches_the_end_of_the_last_full_year_ahead(established: Rebuilt) -> None:
    assert calendar.current().table.last == date(2029, 12, 31)
    with clock.frozen(datetime(2027, 1, 5, tzinfo=UTC)):
        assert calendar.rebuild() == Rebuilt(365, date(2030, 1, 1))


def test_establishing_again_changes_nothing(established: Rebuilt) -> None:
    assert established.days > 0
    assert calendar.establish(RULES) == Rebuilt(0, None)


def test_an_override_counts_at_once_and_can_be_given_back(established: Rebuilt) -> None:
    closed = NamedDay(date(2026, 11, 24), DayKind.HOLIDAY, "应急停工", "示例")
    assert calendar.override([closed]) == Rebuilt(1, closed.date)
    assert not calendar.is_workday(closed.date)
    assert calendar.add_working_minutes(at("2026-11-23 17:30"), 60) == at("2026-11-25 09:30")
    assert calendar.entered_days() == {closed.date: closed}
    calendar.override(restored=[closed.date])
    assert calendar.is_workday(closed.date)
    assert calendar.entered_days() == {}


def test_only_days_that_are_worked_differently_are_counted_as_changed(established: Rebuilt) -> None:
    closed = NamedDay(date(2026, 11, 24), DayKind.HOLIDAY, "应急停工", "示例")
    sunday = NamedDay(date(2026, 11, 29), DayKind.HOLIDAY, "周日", "示例")
    assert calendar.override([closed, sunday]) == Rebuilt(1, closed.date)


def test_an_official_goes_before_the_instance_folder_also_after_a_reload(established: Rebuilt) -> None:
    folder = NamedDay(date(2027, 1, 4), DayKind.HOLIDAY, "元旦补休", "实例")
    official = NamedDay(date(2027, 1, 4), DayKind.HALF_DAY_AM, "元旦", "市政府通知")
    calendar.establish(RULES, [folder])
    assert not calendar.is_workday(folder.date)
    calendar.override([official])
    calendar.establish(RULES, [folder])
    assert calendar.day(folder.date) == official
    assert calendar.working_minutes_between(at("2027-01-04 00:00"), at("2027-01-05 00:00")) == 180


def test_entering_the_announced_year_moves_the_horizon(established: Rebuilt) -> None:
    before = calendar.deadline(at("2027-02-03 10:00"), 1, Unit.WORKING_HOUR)
    calendar.override(announced_until=date(2027, 12, 31))
    after = calendar.deadline(at("2027-02-03 10:00"), 1, Unit.WORKING_HOUR)
    assert (before.fallback, after.fallback) == (True, False)
    calendar.override()
    assert calendar.covered_until() == date(2027, 12, 31)


def test_asking_costs_one_small_query_and_a_change_elsewhere_is_noticed(established: Rebuilt) -> None:
    calendar.current()
    with CaptureQueriesContext(connection) as captured:
        calendar.add_working_minutes(at("2026-11-20 17:00"), 120)
    assert len(captured) == 1
    with connection.cursor() as cursor:  # as another process would
        cursor.execute(
            "UPDATE base_calendar_workingday SET morning_end = morning_start, minutes = afternoon_end - afternoon_start"
            " WHERE date = '2026-11-23'; UPDATE base_calendar_workingcalendar SET edition = gen_random_uuid()"
        )
    assert calendar.working_minutes_between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 240


def test_without_an_instance_the_calendar_says_what_to_do(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM base_calendar_workingcalendar")
    with pytest.raises(Unavailable, match="尚未建立") as caught:
        calendar.add_working_minutes(at("2026-11-20 17:00"), 1)
    assert "instance load" in caught.value.remedy
    with pytest.raises(Unavailable):
        calendar.rebuild()
    assert [finding.level for finding in findings()] == ["fail"]


def test_a_zone_with_summer_time_is_refused(db: None, today: None) -> None:
    with pytest.raises(Invalid, match="夏令时"):
        calendar.establish(Rules("Europe/Berlin", RULES.first, RULES.hours))


def test_hours_must_begin_with_the_calendar(db: None, today: None) -> None:
    late = Hours(date(2025, 6, 1), OFFICE)
    with pytest.raises(Invalid, match="2025-01-01 没有规定工作时间"):
        calendar.establish(Rules("Asia/Shanghai", date(2025, 1, 1), (late,)))


def test_the_doctor_warns_of_unannounced_holidays_and_unconfirmed_hours(established: Rebuilt) -> None:
    assert [finding.level for finding in findings()] == ["ok", "warn", "warn"]
    assert "2026-12-31" in findings()[1].what
    calendar.override(announced_until=date(2027, 12, 31))
    assert [finding.level for finding in findings()] == ["ok", "warn"]
    with clock.frozen(datetime(2029, 1, 1, tzinfo=UTC)):
        assert findings()[0].level == "warn"
