"""The clocks of a matter over random walks, against a count minute by minute that knows nothing of the code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.calendar import api as calendar
from city1361.base.calendar.api import DayKind, NamedDay
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.centres.execution import api as execution
from city1361.centres.execution import clocks
from city1361.centres.execution.models import Matter
from city1361.centres.execution.rules import Limit, Rules
from city1361.centres.execution.terms import Counting, MatterState
from city1361.platform.assurance.rules import api as rules
from city1361.platform.components.processes import api as processes
from tests import cast
from tests.centres.execution import matters

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 8, tzinfo=ZONE).astimezone(UTC)
MINUTE = timedelta(minutes=1)


class Days:
    """Nine to twelve and two to six on working days; nothing else is known of the calendar here."""

    def works(self, at: datetime) -> bool:
        local = at.astimezone(ZONE)
        return local.weekday() < 5 and (9 <= local.hour < 12 or 14 <= local.hour < 18)

    def minutes_between(self, start: datetime, end: datetime) -> int:
        if end < start:
            return -self.minutes_between(end, start)
        return sum(self.works(start + MINUTE * number) for number in range((end - start) // MINUTE))

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        at, step = start, MINUTE if minutes > 0 else -MINUTE
        left = abs(minutes)
        while left:
            left -= self.works(at if minutes > 0 else at - MINUTE)
            at += step
        return at

    def deadline(self, start: datetime, amount: int, unit: str) -> Any:
        natural = {"minute": MINUTE, "natural_hour": 60 * MINUTE}.get(unit)
        at = start + natural * amount if natural else self.add_minutes(start, amount * 60)
        return SimpleNamespace(at=at, fallback=False)


LIMIT = Limit(6, "working_hour")
RULES = Rules(
    "SJ", True, (), {name: {"normal": LIMIT} for name in ("total", *(state.value for state in MatterState))}, {}, 30,
    50, (), {},
)  # fmt: skip
ACTS = st.sampled_from(["handle", "leave", "pause", "resume", "extend", "nothing"])


def walked(acts: list[tuple[str, int]]) -> Iterator[tuple[Matter, datetime, int, int]]:
    """The row after each act, the moment, and by an independent count: minutes that ran in all, and in handling."""
    days: Any = Days()
    row = Matter(type_id="X", urgency="normal", reported_at=MONDAY, state=MatterState.ADMITTED.value)
    clocks.start_total(days, RULES, row, MONDAY)
    clocks.enter_stage(days, RULES, row, MatterState.ADMITTED, MONDAY)
    now, ran, handled = MONDAY, 0, 0
    for act, minutes in acts:
        until = now + MINUTE * minutes
        worked = days.minutes_between(now, until)
        ran += 0 if row.paused_at else worked
        handled += worked if row.state == MatterState.HANDLING and not row.paused_at else 0
        now = until
        _act(days, row, act, now)
        yield row, now, ran, handled


def _act(days: Any, row: Matter, act: str, now: datetime) -> None:
    goes = {"handle": MatterState.HANDLING, "leave": MatterState.CLOSE_REQUESTED}.get(act)
    if goes is not None and not row.paused_at and goes.value != row.state:
        clocks.leave_stage(days, row, MatterState(row.state), now)
        clocks.enter_stage(days, RULES, row, goes, now)
        row.state = goes.value
    elif act == "pause" and not row.paused_at:
        clocks.stop(days, row, now)
    elif act == "resume":
        clocks.go_on(days, row, now)
    elif act == "extend" and not row.paused_at:
        clocks.prolong(days, row, Limit(2, "working_hour"))


@given(st.lists(st.tuples(ACTS, st.integers(1, 400)), max_size=9))
@settings(max_examples=40, deadline=None)
def test_no_walk_gives_or_takes_a_minute(acts: list[tuple[str, int]]) -> None:
    days: Any = Days()
    for row, now, ran, handled in walked(acts):
        extended = 120 * ((row.total_limit_minutes - 360) // 120)
        stopped = row.paused_at or now
        left = days.minutes_between(stopped, row.total_due_at)
        assert left == 360 + extended - ran
        view = clocks.total(days, row, now)
        assert (view.left_minutes, view.overdue) == (left, stopped > row.total_due_at)
        if row.state == MatterState.HANDLING:
            limit = row.handling_limit_minutes or 0
            assert days.minutes_between(stopped, row.stage_due_at) == limit - handled or row.paused_at


def test_natural_limits_run_through_the_night_and_stand_still_when_paused() -> None:
    days: Any = Days()
    row = Matter(type_id="X", urgency="urgent", reported_at=MONDAY, state=MatterState.HANDLING.value)
    row.total_due_at, row.total_limit_minutes, row.total_counting = MONDAY + 240 * MINUTE, 240, Counting.NATURAL
    row.handling_limit_minutes, row.handling_counting = 120, Counting.NATURAL
    clocks.go_on_handling(days, row, MONDAY)
    clocks.stop(days, row, MONDAY + 30 * MINUTE)
    assert clocks.go_on(days, row, MONDAY + 1440 * MINUTE) == 1410
    assert row.total_due_at == MONDAY + (240 + 1410) * MINUTE
    assert row.stage_due_at == MONDAY + (120 + 1410) * MINUTE


@pytest.mark.django_db
def test_the_timer_of_the_diagram_presumes_the_acknowledgement_once_and_late() -> None:
    start = matters.coming_workday()
    with clock.frozen(start):
        matter = matters.admitted()
        processes.fire_due_timers()
        assert matters.look(matter, cast.TOWN_HANDLER).state is MatterState.ADMITTED
    with clock.frozen(start + timedelta(hours=26)):
        processes.fire_due_timers()
        processes.fire_due_timers()
        handled = matters.look(matter, cast.TOWN_HANDLER)
        assert handled.state is MatterState.HANDLING
    presumed = [one for one in matters.history(matter) if one.presumed]
    assert [one.step.value for one in presumed] == ["acknowledge"]
    assert execution.presume_acknowledgements() == 0


@pytest.mark.django_db
def test_a_dispute_that_lasts_too_long_goes_to_the_centre_above_by_itself() -> None:
    start = matters.coming_workday()
    with clock.frozen(start):
        matter = matters.handling()
        back = execution.matter_send_back(
            by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version, reason="不属执法"
        )
        assert back.stage is not None
        assert (back.state, back.stage.limit_minutes) == (MatterState.DISPATCHING, 240)
    with clock.frozen(back.stage.due_at + MINUTE):
        processes.fire_due_timers()
    assert matters.look(matter, cast.DISTRICT_DUTY_OFFICER).state is MatterState.DESIGNATING
    assert matters.history(matter)[-1].who == "时限"


@pytest.mark.django_db
def test_limits_follow_a_calendar_that_has_changed() -> None:
    start = matters.coming_workday(then_two_days_off=True)
    with clock.frozen(start):
        matter = matters.handling()
        due, stage_due = matter.total.due_at, matter.stage.due_at if matter.stage else None
        local = due.astimezone(ZONE).date()
        rules.calendar_override(by=By.system("测试"), days=[NamedDay(local, DayKind.HOLIDAY, "停工", "通知")])
        assert execution.move_limits(By.system("工作日历"), local) >= 1
        moved = matters.look(matter, cast.TOWN_HANDLER)
    assert moved.total.due_at > due
    assert moved.total.left_minutes == calendar.working_minutes_between(start, moved.total.due_at)
    assert moved.version == matter.version
    assert stage_due is not None
    assert execution.move_limits(By.system("工作日历"), local) == 0
