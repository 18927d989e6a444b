"""What may be done to a matter, decided without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.centres.execution import decisions, protection
from city1361.centres.execution.decisions import Actor, Facts, Plan, Refusal
from city1361.centres.execution.terms import PERMISSION_OF, CloseResult, MatterState, Permission, Step
from tests.centres.execution.roads import drawn

CENTRE, TEAM = UUID(int=1), UUID(int=2)
REPORTER, DUTY, HANDLER, CHECKER = (UUID(int=number) for number in (11, 12, 13, 14))
reporter = Actor(REPORTER)
duty = Actor(DUTY, CENTRE, "town/centre/duty")
handler = Actor(HANDLER, TEAM, "town/team/enforcement")
checker = Actor(CHECKER, CENTRE, "town/centre/check")
system = Actor(None, system=True)


def plan(known: Facts, step: Step, actor: Actor) -> Plan | Refusal:
    return decisions.plan(known, step, actor, drawn())


def facts(state: MatterState) -> Facts:
    """A matter of the centre that the team handles."""
    return Facts(state, CENTRE, REPORTER, TEAM, "town/team/enforcement", frozenset({HANDLER}))


def test_the_ordinary_way_from_report_to_agreement() -> None:
    way = [
        (Step.ADMIT, duty, MatterState.ADMITTED),
        (Step.ACKNOWLEDGE, handler, MatterState.HANDLING),
        (Step.REPORT_PROGRESS, handler, MatterState.HANDLING),
        (Step.REQUEST_CLOSE, handler, MatterState.CLOSE_REQUESTED),
        (Step.CHECK_PASS, checker, MatterState.CHECKED),
        (Step.CLOSE, duty, MatterState.CLOSED),
        (Step.AGREE, reporter, MatterState.CLOSED),
    ]
    state = MatterState.REPORTED
    for step, actor, after in way:
        decided = plan(facts(state), step, actor)
        assert decided == Plan(step, state, after)
        state = after


@pytest.mark.parametrize("state", list(MatterState))
@pytest.mark.parametrize("step", list(Step))
def test_a_step_outside_the_table_is_refused_with_the_steps_that_are_possible(state: MatterState, step: Step) -> None:
    """Whoever acts: the permission was asked before, the table decides the rest."""
    for actor in (reporter, duty, handler, checker, system):
        decided = plan(facts(state), step, actor)
        if step not in decisions.steps_from(state, drawn()):
            assert isinstance(decided, Refusal)
            assert decided.of_state
            assert set(decided.allowed) <= set(decisions.steps_from(state, drawn()))


def test_a_handler_cannot_check_or_close_his_own_matter() -> None:
    for step, state in (
        (Step.CHECK_PASS, MatterState.CLOSE_REQUESTED),
        (Step.CHECK_FAIL, MatterState.CLOSE_REQUESTED),
        (Step.CLOSE, MatterState.CHECKED),
    ):
        # also when he now sits at the centre, on another post
        moved = Actor(HANDLER, CENTRE, "town/centre/check")
        refused = plan(facts(state), step, moved)
        assert isinstance(refused, Refusal)
        assert refused.code == "handler_himself"


def test_a_colleague_on_the_handling_post_cannot_check_it_either() -> None:
    colleague = Actor(UUID(int=99), TEAM, "town/team/enforcement")
    refused = plan(facts(MatterState.CLOSE_REQUESTED), Step.CHECK_PASS, colleague)
    assert isinstance(refused, Refusal)
    assert refused.code == "handling_post"


def test_only_the_leading_post_handles() -> None:
    for step, state in (
        (Step.ACKNOWLEDGE, MatterState.ADMITTED),
        (Step.REPORT_PROGRESS, MatterState.HANDLING),
        (Step.REQUEST_CLOSE, MatterState.HANDLING),
    ):
        for other in (duty, checker, reporter, replace(handler, post="town/team/duty")):
            refused = plan(facts(state), step, other)
            assert isinstance(refused, Refusal)
            assert refused.code == "not_the_lead"


def test_without_a_post_the_whole_organisation_leads() -> None:
    led = replace(facts(MatterState.ADMITTED), lead_post="")
    assert isinstance(plan(led, Step.ACKNOWLEDGE, replace(handler, post="town/team/duty")), Plan)


def test_only_the_centre_that_received_it_first_admits_refuses_and_closes() -> None:
    elsewhere = Actor(DUTY, UUID(int=77), "other/centre/duty")
    for step, state in (
        (Step.ADMIT, MatterState.REPORTED),
        (Step.REFUSE, MatterState.REPORTED),
        (Step.CLOSE, MatterState.CHECKED),
    ):
        refused = plan(facts(state), step, elsewhere)
        assert isinstance(refused, Refusal)
        assert refused.code == "not_the_centre"


def test_only_the_reporter_agrees_or_reopens() -> None:
    for step in (Step.AGREE, Step.REOPEN):
        for other in (duty, handler, checker, Actor(None)):
            refused = plan(facts(MatterState.CLOSED), step, other)
            assert isinstance(refused, Refusal)
            assert refused.code == "not_the_reporter"
    nobody = replace(facts(MatterState.CLOSED), reporter=None)
    assert isinstance(plan(nobody, Step.AGREE, Actor(None)), Refusal)


def test_the_reporter_closes_a_checked_matter_by_agreeing() -> None:
    assert plan(facts(MatterState.CHECKED), Step.AGREE, reporter) == Plan(
        Step.AGREE, MatterState.CHECKED, MatterState.CLOSED
    )


def test_who_agreed_does_not_reopen() -> None:
    agreed = replace(facts(MatterState.CLOSED), agreed=True)
    for step in (Step.AGREE, Step.REOPEN):
        refused = plan(agreed, step, reporter)
        assert isinstance(refused, Refusal)
        assert refused.code == "matter_agreed"


def test_rework_is_a_failed_check_or_a_reopening() -> None:
    failed = plan(facts(MatterState.CLOSE_REQUESTED), Step.CHECK_FAIL, checker)
    reopened = plan(facts(MatterState.CLOSED), Step.REOPEN, reporter)
    passed = plan(facts(MatterState.CLOSE_REQUESTED), Step.CHECK_PASS, checker)
    assert isinstance(failed, Plan)
    assert isinstance(reopened, Plan)
    assert isinstance(passed, Plan)
    assert (failed.rework, reopened.rework, passed.rework) == (True, True, False)
    assert failed.after is reopened.after is MatterState.HANDLING


def test_the_system_only_presumes_an_acknowledgement_or_ends_a_dispute() -> None:
    presumed = plan(facts(MatterState.ADMITTED), Step.ACKNOWLEDGE, system)
    assert isinstance(presumed, Plan)
    assert presumed.presumed
    for at in MatterState:
        for step in set(decisions.steps_from(at, drawn())) - {Step.ACKNOWLEDGE, Step.REQUEST_RULING}:
            assert isinstance(plan(facts(at), step, system), Refusal)


def test_possible_steps_are_those_permitted_and_planned() -> None:
    every = list(Permission)
    assert set(decisions.possible_steps(facts(MatterState.REPORTED), duty, every, drawn())) == {
        Step.ADMIT, Step.REFUSE, Step.SEND_VERIFY, Step.SEND_UP, Step.ASSIGN, Step.REQUEST_RULING, Step.REQUEST_VOID,
    }  # fmt: skip
    assert decisions.possible_steps(facts(MatterState.REPORTED), duty, [Permission.ADMIT_MATTER], drawn()) == (
        Step.ADMIT,
    )
    unled = replace(facts(MatterState.REPORTED), lead=None, lead_post="")
    assert decisions.possible_steps(unled, handler, every, drawn()) == ()
    assert decisions.possible_steps(facts(MatterState.CLOSED), reporter, every, drawn()) == (Step.AGREE, Step.REOPEN)


def test_every_step_but_the_report_says_what_it_needs() -> None:
    assert set(decisions.NEEDS) == set(PERMISSION_OF) - {Step.REPORT}


def test_the_reporter_is_known_to_himself_and_to_those_who_admit_at_the_centre() -> None:
    see = protection.may_see_reporter
    assert see(is_reporter=True, in_centre=False, may_admit=False)
    assert see(is_reporter=False, in_centre=True, may_admit=True)
    assert not see(is_reporter=False, in_centre=True, may_admit=False)
    assert not see(is_reporter=False, in_centre=False, may_admit=True)


def test_reporting_and_closing_by_oneself_is_counted() -> None:
    counted = decisions.closed_by_its_reporter
    assert counted(reporter=HANDLER, reported_for=None, handlers=frozenset({HANDLER}), lead=TEAM)
    assert counted(reporter=DUTY, reported_for=TEAM, handlers=frozenset({HANDLER}), lead=TEAM)
    assert not counted(reporter=REPORTER, reported_for=None, handlers=frozenset({HANDLER}), lead=None)
    assert not counted(reporter=REPORTER, reported_for=CENTRE, handlers=frozenset({HANDLER}), lead=TEAM)


def test_the_closer_s_result_goes_before_the_handler_s() -> None:
    close = decisions.result_to_close_with
    assert close(CloseResult.SOLVED, None) is CloseResult.SOLVED
    assert close(CloseResult.SOLVED, CloseResult.LONG_TERM) is CloseResult.LONG_TERM
    assert close(None, None) is CloseResult.EXPLAINED


def test_a_number_reads_town_day_and_serial() -> None:
    number = decisions.matter_number("SJ", "119901001", date(2026, 11, 23), 187)
    assert number == "SJ119901001202611230187"
    assert decisions.matter_number("SJ", "119901001", date(2026, 11, 23), 12345).endswith("2026112312345")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("井盖破损。车轮会陷进去", "井盖破损"),
        ("中山四路人行道冒水，积水约5厘米，疑似水管破裂。已摆警示牌", "中山四路人行道冒水，积水约5厘米"),
        ("路灯不亮", "路灯不亮"),
        ("   。", "供水管破裂"),
        ("一" * 40, "一" * 19 + "…"),
    ],
)
def test_a_title_is_the_first_thing_said(said: str, title: str) -> None:
    assert decisions.title_of(said, "供水管破裂") == title


@given(st.text(max_size=300))
def test_a_title_is_a_short_line_whatever_was_said(said: str) -> None:
    title = decisions.title_of(said, "其他事件")
    assert 0 < len(title) <= 20
    assert "\n" not in title


def test_the_digest_of_a_body_depends_on_what_it_says_only() -> None:
    one = decisions.body_hash({"a": 1, "b": "井盖"})
    assert one == decisions.body_hash({"b": "井盖", "a": 1})
    assert one != decisions.body_hash({"a": 1, "b": "井蓋"})


def test_metres_agree_with_a_degree_of_latitude() -> None:
    assert decisions.metres_between(106.5, 29.5, 106.5, 30.5) == pytest.approx(111_195, rel=0.001)
    assert decisions.metres_between(106.5, 29.5, 106.5, 29.5) == 0
