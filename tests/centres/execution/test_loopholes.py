"""Ways by which somebody might gain time or decide for himself, each tried and closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Refused
from city1361.centres.execution import api as execution
from city1361.centres.execution import decisions
from city1361.centres.execution.api import MatterView
from city1361.centres.execution.decisions import Actor, Asked
from city1361.centres.execution.terms import ExclusionKind, MatterState, Step
from city1361.platform.components.processes import api as processes
from tests import cast
from tests.centres.execution import matters
from tests.centres.execution.roads import drawn

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


def test_a_resident_does_not_take_the_number_of_a_ticket() -> None:
    with pytest.raises(Refused) as refused:
        matters.reported(external_numbers={"hotline": "20261123-1"})
    assert refused.value.code == "number_of_another_system"
    first = matters.reported(OFFICER, external_numbers={"hotline": "20261123-1"})
    assert first.channel == "hotline"
    with pytest.raises(Conflict) as twice:
        matters.reported(cast.SIBLING_DUTY_OFFICER, external_numbers={"hotline": "20261123-1"})
    assert twice.value.code == "number_known"
    assert first.number not in str(twice.value)


def test_a_step_sent_again_with_other_words_is_not_taken_for_the_same() -> None:
    matter = matters.handling()
    step(execution.matter_report_progress, HANDLER, matter, text="已到场", client_key="the-same-key")
    step(execution.matter_report_progress, HANDLER, matter, text="已到场", client_key="the-same-key")
    with pytest.raises(Conflict) as other:
        step(execution.matter_report_progress, HANDLER, matter, text="已修好", client_key="the-same-key")
    assert other.value.code == "key_with_another_body"


def test_who_verified_it_does_not_check_it() -> None:
    matter = step(execution.matter_send_verify, OFFICER, matters.reported())
    matter = step(execution.matter_verify, cast.TOWN_CHECKER, matter, passed=True, text="属实")
    matter = matters.close_requested(matters.handling(matters.admitted(matter)))
    with pytest.raises(Refused) as refused:
        matters.checked(matter)
    assert refused.value.code == "verifier_himself"


def test_sending_to_verification_wins_a_centre_no_time() -> None:
    start = matters.coming_workday()
    with clock.frozen(start):
        matter = matters.reported()
        first = due(matter)
    with clock.frozen(start + 30 * MINUTE):
        matter = step(execution.matter_send_verify, OFFICER, matter)
    with clock.frozen(start + 50 * MINUTE):
        matter = step(execution.matter_verify, cast.TOWN_CHECKER, matter, passed=True)
    assert due(matter) == first + 20 * MINUTE  # it stood still while somebody else looked, and goes on


def test_a_reporter_who_fills_in_the_form_stays_hidden() -> None:
    matter = matters.reported(cast.GRID_WORKER, matter_type="08004", description="扬尘")
    step(execution.matter_answer_form, cast.GRID_WORKER, matter, answers={"site": "示例工地", "problem": ["dust"]})
    matters.admitted(matters.look(matter, OFFICER))
    told = matters.history(matter, HANDLER)
    by_reporter = [(one.who, one.organisation) for one in told if one.step in (Step.REPORT, Step.ANSWER_FORM)]
    assert by_reporter == [("网格员", ""), ("网格员", "")]


def test_a_changed_calendar_keeps_the_earlier_promise_of_a_merged_report() -> None:
    start = matters.coming_workday(then_two_days_off=True)
    with clock.frozen(start):
        pressing = matters.reported(urgency="pressing")
    with clock.frozen(start + 10 * MINUTE):
        kept = matters.handling()
        step(execution.matter_merge, OFFICER, pressing, kept_id=kept.id)
        promised = matters.look(kept, OFFICER).total.due_at
        assert promised == pressing.total.due_at
        execution.move_limits(By.system("工作日历"), start.date())
        assert matters.look(kept, OFFICER).total.due_at == promised


def test_an_extension_is_not_granted_by_who_works_on_the_matter() -> None:
    """The one who leads, who acts for him, or who worked on it before."""
    from tests.centres.execution.test_every_step import POST, TEAM, facts

    asked = facts(MatterState.HANDLING, "asked")
    for who in (Actor(UUID(int=90), TEAM, POST), Actor(UUID(int=15), TEAM, "x"), Actor(UUID(int=91), TEAM, "b")):
        known = replace(
            asked, current_centre=TEAM, delegate_post="b", asked=Asked(ExclusionKind.EXTENDED, UUID(int=99))
        )
        refusal = decisions.may(known, Step.EXTEND, who, drawn())
        assert refusal is not None
        assert refusal.code in {"handler_himself", "handling_post"}


def test_a_ruling_does_not_push_down_what_the_duty_list_took_back() -> None:
    matter = matters.reported(matter_type="01076", description="电梯困人")
    matter = step(execution.matter_request_ruling, OFFICER, matter, reason="职责不清")
    with pytest.raises(Refused) as refused:
        step(
            execution.matter_designate, cast.DISTRICT_DUTY_OFFICER, matter,
            party=f"centre:{matter.first_receiver.id}", reason="属地",
        )  # fmt: skip
    assert (refused.value.code, refused.value.where) == ("duty_reclaimed", "party")


def test_whoever_gets_it_after_a_ruling_was_taken_back_may_return_it() -> None:
    district, matter = cast.DISTRICT_DUTY_OFFICER, matters.reported()
    matter = step(execution.matter_request_ruling, OFFICER, matter, reason="职责不清")
    with matters.seen_by(district) as asking:
        parties = execution.step_choices(scope=asking["scope"], matter_id=matter.id, field="party")
    party = next(one.code for one in parties if one.code == f"centre:{matter.first_receiver.id}")
    matter = step(execution.matter_designate, district, matter, party=party, reason="属地办理")
    assert matter.designated
    matter = step(execution.matter_take_back, district, matter, reason="裁错了")
    assert not matter.designated
