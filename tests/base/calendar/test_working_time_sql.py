"""SQL and Python count alike, on the rows the application keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import DayKind, DayShifts, Hours, NamedDay, Rules, Shift
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WINTER = Hours(date(2024, 1, 1), DayShifts(Shift(540, 720), Shift(840, 1080)))
SUMMER = Hours(date(2025, 6, 1), DayShifts(Shift(525, 735), Shift(875, 1115)))
ALWAYS = Hours(date(2027, 3, 1), DayShifts(Shift(0, 720), Shift(720, 1440)))
DAYS = (
    NamedDay(date(2026, 2, 13), DayKind.HALF_DAY_AM, "半天", "示例"),
    NamedDay(date(2026, 5, 6), DayKind.HALF_DAY_PM, "半天", "示例"),
    NamedDay(date(2026, 12, 31), DayKind.HOLIDAY, "放假", "示例"),
    NamedDay(date(2027, 1, 2), DayKind.WORKDAY, "调休", "示例"),
)
BEGINS, SECONDS = datetime(2024, 1, 1, tzinfo=ZONE), 4 * 365 * 86_400
MOMENTS = st.builds(
    lambda seconds, extra: BEGINS + timedelta(seconds=seconds, microseconds=extra),
    st.integers(0, SECONDS),
    st.sampled_from([0, 0, 1, 999_999, 500_000]),
)
# Where mistakes live: on and around the edges of shifts, of days and of years.
EDGES = st.builds(
    lambda day, minute, shift: BEGINS + timedelta(days=day, minutes=minute, microseconds=shift),
    st.integers(700, 1200),
    st.sampled_from([0, 525, 540, 720, 735, 840, 875, 1080, 1115, 1439]),
    st.sampled_from([-1, 0, 1]),
)
# Whole shifts and whole days, so that limits are used up exactly where a shift or a day ends.
AMOUNTS = st.integers(-3000, 3000) | st.sampled_from(
    [0, 1, -1, *(k * n for n in (180, 210, 240, 420, 450) for k in (-2, -1, 1, 2))]
)


@pytest.fixture
def established(db: None) -> calendar.WorkingTime:
    with clock.frozen(TODAY):
        calendar.establish(Rules("Asia/Shanghai", date(2024, 1, 1), (WINTER, SUMMER, ALWAYS), years_ahead=2), DAYS)
    return calendar.current()


def asked(function: str, second: str, rows: list[tuple[datetime, object]]) -> list[object]:
    """The SQL function for each pair of a moment and a value of type `second`, in one statement."""
    moments, values = [list(column) for column in zip(*rows, strict=True)] if rows else ([], [])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(a, b) FROM unnest(%s::timestamptz[], %s::{second}[]) AS pair(a, b)", [moments, values]
        )
        return [row[0] for row in cursor.fetchall()]


def test_sql_and_python_agree_on_minutes_between(established: calendar.WorkingTime) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(MOMENTS | EDGES, MOMENTS | EDGES), min_size=20, max_size=60))
    def agree(pairs: list[tuple[datetime, datetime]]) -> None:
        found = asked("city1361_working_minutes_between", "timestamptz", pairs)
        assert found == [established.minutes_between(start, end) for start, end in pairs]

    agree()


def test_sql_and_python_agree_on_adding(established: calendar.WorkingTime) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(MOMENTS | EDGES, AMOUNTS), min_size=20, max_size=60))
    def agree(pairs: list[tuple[datetime, int]]) -> None:
        inside = [(start, minutes) for start, minutes in pairs if _reachable(established, start, minutes)]
        found = asked("city1361_add_working_minutes", "bigint", inside)
        assert found == [established.add_minutes(start, minutes) for start, minutes in inside]

    agree()


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2025-03-07 11:00", 60, "2025-03-07 12:00"),  # used up when the morning ends
        ("2025-03-07 17:00", 60, "2025-03-07 18:00"),  # used up when the week ends
        ("2025-03-10 10:00", -60, "2025-03-10 09:00"),  # back to where the week begins
        ("2025-03-10 09:00", -60, "2025-03-07 17:00"),  # back over the week-end
        ("2025-03-07 14:30", -30, "2025-03-07 14:00"),  # back to where the afternoon begins
    ],
)
def test_sql_ends_where_a_shift_ends(established: calendar.WorkingTime, start: str, minutes: int, end: str) -> None:
    starts, ends = (datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (start, end))
    assert asked("city1361_add_working_minutes", "bigint", [(starts, minutes)]) == [ends]
    assert established.add_minutes(starts, minutes) == ends


def _reachable(working_time: calendar.WorkingTime, start: datetime, minutes: int) -> bool:
    try:
        working_time.add_minutes(start, minutes)
    except Invalid:
        return False
    return True


def test_working_minutes_of_a_moment_are_those_since_the_beginning(established: calendar.WorkingTime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_working_minutes(%s)", [datetime(2026, 11, 23, 15, 30, tzinfo=ZONE)])
        assert cursor.fetchone() == (established.minutes_between(BEGINS, datetime(2026, 11, 23, 15, 30, tzinfo=ZONE)),)


@pytest.mark.parametrize(
    "call",
    [
        "city1361_working_minutes('2023-12-31 23:59+08')",
        "city1361_working_minutes('infinity')",
        "city1361_add_working_minutes('2028-12-29 17:00+08', 1000000)",
        "city1361_add_working_minutes('2024-01-03 10:00+08', -10000)",
    ],
)
def test_sql_refuses_moments_beyond_the_calendar(established: calendar.WorkingTime, call: str) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="working calendar does not reach") as caught:
        cursor.execute(f"SELECT {call}")
    assert isinstance(caught.value.__cause__, psycopg.errors.DatetimeFieldOverflow)


def test_expressions_stand_in_queries(established: calendar.WorkingTime) -> None:
    from django.db.models import DateTimeField, Value

    from city1361.base.calendar.models import WorkingCalendar

    start = datetime(2026, 11, 20, 17, 30, tzinfo=ZONE)
    row = WorkingCalendar.objects.annotate(
        due=calendar.AddWorkingMinutes(Value(start, DateTimeField()), Value(60)),
        spent=calendar.WorkingMinutesBetween(
            Value(start, DateTimeField()), Value(start + timedelta(days=3), DateTimeField())
        ),
    ).get()
    assert row.due == established.add_minutes(start, 60)
    assert row.spent == established.minutes_between(start, start + timedelta(days=3))
