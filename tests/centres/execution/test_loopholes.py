"""Ways by which somebody might gain time or decide for himself, each tried and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city1361.base.kernel import clock
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterView
from city1361.centres.execution.terms import MatterState
from city1361.platform.components.processes import api as processes
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
OFFICER, HANDLER = cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER


def step(act: Any, who: str, matter: MatterView, **more: Any) -> MatterView:
    found: MatterView = act(by=cast.by(who), matter_id=matter.id, expected_version=matter.version, **more)
    return found


def routed(matter: MatterView) -> MatterView:
    return step(execution.matter_route, OFFICER, matter, handler_post=matters.handler_post())


def taken_back(matter: MatterView) -> MatterView:
    return step(execution.matter_take_back, OFFICER, matter, reason="派错了")


def due(matter: MatterView) -> Any:
    assert matter.stage is not None
    return matter.stage.due_at


def test_giving_and_taking_back_wins_a_centre_no_time() -> None:
    start = matters.coming_workday()
    with clock.frozen(start):
        matter = matters.admitted()
    with clock.frozen(start + 30 * MINUTE):
        matter = taken_back(matter)
        first = due(matter)
    with clock.frozen(start + 60 * MINUTE):
        matter = routed(matter)
    with clock.frozen(start + 70 * MINUTE):
        matter = taken_back(matter)
        assert (matter.state, due(matter)) == (MatterState.DISPATCHING, first)


def test_taking_back_neither_ends_nor_prolongs_a_dispute() -> None:
    start = matters.coming_workday()
    with clock.frozen(start):
        matter = step(execution.matter_send_back, HANDLER, matters.handling(), reason="不属执法")
        first = due(matter)
    with clock.frozen(start + 30 * MINUTE):
        matter = taken_back(routed(matter))
        assert due(matter) == first
    with clock.frozen(first + MINUTE):
        processes.fire_due_timers()
    assert matters.look(matter, cast.DISTRICT_DUTY_OFFICER).state is MatterState.DESIGNATING


def test_the_officer_whose_centre_got_it_back_may_still_close_it() -> None:
    matter = matters.reported()
    matter = step(execution.matter_request_ruling, OFFICER, matter, reason="职责不清")
    with matters.seen_by(cast.DISTRICT_DUTY_OFFICER) as asking:
        choices = execution.step_choices(scope=asking["scope"], matter_id=matter.id, field="party")
    party = next(one.code for one in choices if one.code == f"centre:{matter.first_receiver.id}")
    matter = step(execution.matter_designate, cast.DISTRICT_DUTY_OFFICER, matter, party=party, reason="属地")
    matter = step(execution.matter_acknowledge, OFFICER, matter)
    matter = matters.close_requested(step(execution.matter_acknowledge, HANDLER, routed(matter)))
    assert matters.closed(matters.checked(matter)).state is MatterState.CLOSED
