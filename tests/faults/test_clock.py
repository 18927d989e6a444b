"""The machine's clock is set wrong: 400 days ahead, two hours back. People sign in again, limits fire once, nothing breaks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.centres.execution import api as execution
from tests import cast
from tests.centres.execution import matters
from tests.conftest import Databases

AHEAD, BACK = timedelta(days=400), -timedelta(hours=2)


@pytest.mark.django_db
def test_four_hundred_days_ahead_everybody_signs_in_again() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert browser.get("/desk/").status_code == 200
    with clock.frozen(clock.now() + AHEAD):
        answer = browser.get("/desk/")
        assert answer.status_code == 302
        assert "/accounts/login/" in answer.headers["location"]


@pytest.mark.django_db
def test_four_hundred_days_ahead_each_limit_fires_once() -> None:
    waiting = [matters.admitted(matters.reported()) for _ in range(3)]
    with clock.frozen(clock.now() + AHEAD):
        assert execution.presume_acknowledgements() == len(waiting)
        assert execution.presume_acknowledgements() == 0
    for one in waiting:
        assert [step.step.value for step in matters.history(one) if step.presumed] == ["acknowledge"]


def test_two_hours_back_work_goes_on_and_the_log_stays_in_order(committed: Databases) -> None:
    wrong = clock.now() - 2 * BACK
    with clock.frozen(wrong):
        browser = cast.client(cast.TOWN_DUTY_OFFICER)
        assert browser.get("/desk/").status_code == 200
        before = matters.reported()
        evidence.sequence_all()
    with clock.frozen(wrong + BACK):
        assert browser.get("/desk/").status_code == 200
        after = matters.admitted(matters.reported())
        assert after.number != before.number
        evidence.sequence_all()
        assert matters.admitted(before).state is not before.state
        evidence.sequence_all()
    assert evidence.verify_log().problems == []
