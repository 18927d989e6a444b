"""Working time, checked against a walk over single minutes that knows nothing of running totals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.base.calendar import decisions
from city1361.base.calendar.seed import OFFICIAL_UNTIL, official_days
from city1361.base.calendar.terms import DayKind, DayRule, DayShifts, Hours, NamedDay, Shift, Unit
from city1361.base.kernel.errors import Invalid

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = DayShifts(Shift(9 * 60, 12 * 60), Shift(14 * 60, 18 * 60))
HOURS = (Hours(date(2020, 1, 1), OFFICE),)
NEXT_DAY = {"rule": DayRule.NEXT_DAY, "full_day": 420, "covered_until": OFFICIAL_UNTIL}


def table(first: date, last: date, *overrides: NamedDay) -> decisions.Table:
    named = {day.date: day for day in overrides}
    return decisions.build(first, last, ZONE, hours=HOURS, overrides=named, official=official_days())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def local(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


YEARS = table(date(2024, 1, 1), date(2028, 12, 31))
_clock = st.integers(0, 1440)


@st.composite
def some_shifts(draw: st.DrawFn) -> DayShifts:
    a, b, c, d = sorted(draw(st.tuples(_clock, _clock, _clock, _clock)))
    return DayShifts(Shift(a, b), Shift(c, d))


@st.composite
def some_tables(draw: st.DrawFn) -> decisions.Table:
    shifts = draw(st.one_of(st.just(OFFICE), some_shifts()))
    kinds = draw(st.lists(st.sampled_from(DayKind), min_size=1, max_size=6))
    days = [decisions.shifts_of(kind, shifts) for kind in kinds]
    return decisions.table_of(date(2026, 12, 29), ZONE, days)


def moments_in(calendar: decisions.Table) -> st.SearchStrategy[datetime]:
    midnight = datetime.combine(calendar.first, datetime.min.time(), ZONE)
    seconds = st.integers(0, len(calendar.days) * 86_400 - 1)
    return seconds.map(lambda n: midnight + timedelta(seconds=n))


def walked(calendar: decisions.Table, start: datetime, end: datetime) -> int:
    """Working seconds between two whole-second moments, second by second in strides of the given days."""
    total = 0
    for index, day in enumerate(calendar.days):
        midnight = datetime.combine(calendar.first + timedelta(days=index), datetime.min.time(), ZONE)
        for shift in (day.morning, day.afternoon):
            opens, closes = midnight + timedelta(minutes=shift.start), midnight + timedelta(minutes=shift.end)
            total += max(0, (min(end, closes) - max(start, opens)).total_seconds())
    return int(total)


@given(st.data())
def test_minutes_between_agree_with_a_walk_over_every_shift(data: st.DataObject) -> None:
    calendar = data.draw(some_tables())
    start, end = sorted(data.draw(st.tuples(moments_in(calendar), moments_in(calendar))))
    assert decisions.minutes_between(calendar, start, end) == walked(calendar, start, end) // 60
    assert decisions.minutes_between(calendar, end, start) == -(walked(calendar, start, end) // 60)


@given(st.data())
def test_adding_is_the_inverse_and_gives_the_nearest_such_moment(data: st.DataObject) -> None:
    calendar = data.draw(some_tables())
    start = data.draw(moments_in(calendar))
    minutes = data.draw(st.integers(-1500, 1500))
    try:
        end = decisions.add_minutes(calendar, start, minutes)
    except Invalid:
        total = decisions.elapsed(calendar, start) + minutes * decisions.MINUTE
        assert not 0 <= total <= calendar.before[-1] * decisions.MINUTE
        return
    towards_start = timedelta(microseconds=1 if minutes < 0 else -1)
    assert decisions.minutes_between(calendar, start, end) == minutes
    if minutes:
        assert abs(decisions.elapsed(calendar, end + towards_start) - decisions.elapsed(calendar, start)) < abs(
            minutes * decisions.MINUTE
        )


@given(st.data())
def test_working_time_never_runs_backwards(data: st.DataObject) -> None:
    calendar = data.draw(some_tables())
    moments = sorted(data.draw(st.lists(moments_in(calendar), min_size=2, max_size=6)))
    totals = [decisions.elapsed(calendar, moment) for moment in moments]
    assert totals == sorted(totals)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-20 11:30", 60, "2026-11-20 14:30"),  # over the lunch break
        ("2026-11-20 11:30", 30, "2026-11-20 12:00"),  # used up when the break begins
        ("2026-11-20 17:30", 60, "2026-11-23 09:30"),  # over a week-end
        ("2026-11-20 17:30", 30, "2026-11-20 18:00"),  # due when work ends, not on Monday
        ("2026-11-21 10:00", 1, "2026-11-23 09:01"),  # from a Saturday
        ("2026-11-20 17:59:30", 1, "2026-11-23 09:00:30"),  # seconds are kept
        ("2025-12-31 17:00", 120, "2026-01-04 10:00"),  # over the year end, to a make-up Sunday
        ("2026-09-30 17:00", 120, "2026-10-08 10:00"),  # over National Day
        ("2026-10-09 17:00", 120, "2026-10-10 10:00"),  # the make-up Saturday after it is worked
        ("2026-02-14 09:00", 421, "2026-02-24 09:01"),  # over the Spring Festival, from a make-up Saturday
    ],
)
def test_a_limit_in_working_minutes_ends_when_an_official_would_say(start: str, minutes: int, end: str) -> None:
    assert local(decisions.add_minutes(YEARS, at(start), minutes)) == end
    assert decisions.minutes_between(YEARS, at(start), at(end)) == minutes


def test_a_half_day_is_worked_only_in_its_half() -> None:
    eve = NamedDay(date(2026, 2, 13), DayKind.HALF_DAY_AM, "除夕前调休", "示例")
    youth = NamedDay(date(2026, 5, 6), DayKind.HALF_DAY_PM, "青年节补休", "示例")
    calendar = table(date(2026, 1, 1), date(2026, 12, 31), eve, youth)
    assert local(decisions.add_minutes(calendar, at("2026-02-13 11:00"), 90)) == "2026-02-14 09:30"
    assert local(decisions.add_minutes(calendar, at("2026-05-06 08:00"), 30)) == "2026-05-06 14:30"
    assert decisions.is_workday(calendar, eve.date)


def test_an_override_goes_before_the_official_announcement() -> None:
    worked = NamedDay(date(2026, 10, 1), DayKind.WORKDAY, "值守", "示例")
    calendar = table(date(2026, 1, 1), date(2026, 12, 31), worked)
    assert decisions.is_workday(calendar, worked.date)
    assert not decisions.is_workday(calendar, date(2026, 10, 2))


def test_hours_change_on_their_day_and_not_before() -> None:
    summer = Hours(date(2026, 5, 1), DayShifts(Shift(540, 720), Shift(870, 1110)))
    both, official = (*HOURS, summer), official_days()
    calendar = decisions.build(date(2026, 4, 1), date(2026, 6, 1), ZONE, hours=both, overrides={}, official=official)
    assert local(decisions.add_minutes(calendar, at("2026-04-30 14:00"), 1)) == "2026-04-30 14:01"
    assert local(decisions.add_minutes(calendar, at("2026-05-06 14:00"), 1)) == "2026-05-06 14:31"


def test_a_centre_that_never_closes_counts_every_minute() -> None:
    always = DayShifts(Shift(0, 720), Shift(720, 1440))
    calendar = decisions.table_of(date(2026, 12, 30), ZONE, [always] * 4)
    assert local(decisions.add_minutes(calendar, at("2026-12-31 23:30"), 60)) == "2027-01-01 00:30"


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-11-20 10:00", 1, Unit.WORKING_DAY, "2026-11-23 18:00"),
        ("2026-11-21 10:00", 1, Unit.WORKING_DAY, "2026-11-23 18:00"),
        ("2026-09-18 10:00", 5, Unit.WORKING_DAY, "2026-09-24 18:00"),  # the make-up Sunday counts
        ("2026-11-20 16:00", 4, Unit.WORKING_HOUR, "2026-11-23 11:00"),
        ("2026-11-20 23:00", 4, Unit.NATURAL_HOUR, "2026-11-21 03:00"),
        ("2026-11-20 23:00", 45, Unit.MINUTE, "2026-11-20 23:45"),
    ],
)
def test_each_unit_of_a_limit_is_counted_its_own_way(start: str, amount: int, unit: Unit, end: str) -> None:
    found = decisions.deadline(YEARS, at(start), amount, unit, **NEXT_DAY)
    assert (local(found.at), found.fallback) == (end, False)


def test_rolling_working_days_end_at_the_same_time_of_day() -> None:
    rolling = NEXT_DAY | {"rule": DayRule.ROLLING}
    found = decisions.deadline(YEARS, at("2026-11-20 10:00"), 2, Unit.WORKING_DAY, **rolling)
    assert local(found.at) == "2026-11-24 10:00"


def test_a_limit_beyond_the_announced_holidays_says_so() -> None:
    inside = decisions.deadline(YEARS, at("2026-12-30 10:00"), 1, Unit.WORKING_DAY, **NEXT_DAY)
    beyond = decisions.deadline(YEARS, at("2026-12-31 10:00"), 1, Unit.WORKING_DAY, **NEXT_DAY)
    hours = decisions.deadline(YEARS, at("2026-12-31 23:00"), 5, Unit.NATURAL_HOUR, **NEXT_DAY)
    assert (inside.fallback, beyond.fallback, hours.fallback) == (False, True, False)


def test_a_limit_needs_a_positive_amount() -> None:
    with pytest.raises(Invalid, match="时限必须是正整数：0"):
        decisions.deadline(YEARS, at("2026-11-20 10:00"), 0, Unit.WORKING_DAY, **NEXT_DAY)


def test_a_moment_outside_the_table_is_named_with_the_range() -> None:
    with pytest.raises(Invalid) as caught:
        decisions.minutes_between(YEARS, at("2019-05-01 10:00"), at("2024-05-01 10:00"))
    assert "2024-01-01" in str(caught.value)
    assert "2028-12-31" in str(caught.value)
    with pytest.raises(Invalid):
        decisions.add_minutes(YEARS, at("2028-12-29 10:00"), 100_000)
    with pytest.raises(Invalid):
        decisions.deadline(YEARS, at("2028-12-29 10:00"), 5, Unit.WORKING_DAY, **NEXT_DAY)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        decisions.minutes_between(YEARS, datetime(2026, 1, 1), datetime.now(UTC))


def test_a_zone_with_summer_time_is_recognised() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert decisions.keeps_one_offset(ZONE, *year)
    assert not decisions.keeps_one_offset(ZoneInfo("Europe/Berlin"), *year)
    assert not decisions.keeps_one_offset(ZONE, date(1986, 1, 1), date(1990, 12, 31))


def test_the_official_days_of_2026_are_those_announced() -> None:
    days = official_days()
    assert days[date(2026, 2, 17)].name == "春节"
    assert days[date(2026, 2, 17)].kind is DayKind.HOLIDAY
    assert days[date(2026, 10, 10)].kind is DayKind.WORKDAY
    assert date(2026, 11, 20) not in days
    assert max(days) <= OFFICIAL_UNTIL
    assert date(2026, 12, 31) <= OFFICIAL_UNTIL
