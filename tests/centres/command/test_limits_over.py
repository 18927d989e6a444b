"""After a stop of hours every limit acts once, in the order the limits ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Missing
from city1361.centres.command import api, reading
from city1361.centres.command.api import CallState, TaskState
from tests import cast
from tests.centres.command import people
from tests.centres.command.test_tasks import give
from tests.centres.command.test_whistles import DUTY, SERVICE, blow, look
from tests.centres.execution import matters


@pytest.mark.django_db
def test_what_nobody_answered_acts_once_and_in_order() -> None:
    people.officer(SERVICE, f"{people.COMMUNITY}/service")
    start = matters.coming_workday()
    made: list[Any] = []
    with clock.frozen(start):
        for amount in (50, 10, 30):
            made.append(blow(matters.handling(), amount=amount, unit="minute").calls[0])
        later = blow(matters.handling(), amount=5, unit="working_day").calls[0]
        task = give(matters.handling())
    with clock.frozen(start + timedelta(hours=4)):
        order = [made[1].id, made[2].id, made[0].id]
        with matters.seen_by(cast.DISTRICT_DUTY_OFFICER):
            assert reading.unanswered(10) == order
        assert api.lapse_limits() == 4
        assert [look(one.id, DUTY).state for one in made] == [CallState.AWAITING_DISPATCH] * 3
        lapsed = [look(one, DUTY).entries[-1] for one in order]
        assert [one.step for one in lapsed] == ["lapse"] * 3
        assert "治理中心" in lapsed[0].text
        assert look(later.id, DUTY).state is CallState.DELIVERED
        with matters.seen_by(SERVICE) as asking:
            presumed = api.task(**asking, task_id=task.id)
        assert (presumed.state, presumed.presumed) == (TaskState.TAKEN_UP, True)
        assert api.lapse_limits() == 0
        assert [len(look(one.id, DUTY).entries) for one in made] == [1, 1, 1]


@pytest.mark.django_db
def test_nobody_but_the_limit_lapses() -> None:
    people.officer(SERVICE, f"{people.COMMUNITY}/service")
    call = blow(matters.handling()).calls[0]
    from city1361.centres.command.answering import call_lapse

    with pytest.raises(Missing):
        call_lapse(by=cast.by(DUTY), call_id=call.id)
    assert look(call.id, DUTY).state is CallState.DELIVERED
