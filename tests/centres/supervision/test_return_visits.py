"""回访 by others than those who handled it; 没解决 reopens on the original clock."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api, decisions, sampling
from city1361.centres.supervision.api import Heard
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.rules import queries
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast
from tests.centres.execution import matters

CHECKER, DISTRICT = cast.TOWN_CHECKER, cast.DISTRICT_DUTY_OFFICER
SOLVED = Heard(True, contacted=True, solved=True, satisfied="satisfied")
UNSOLVED = Heard(True, contacted=False, solved=False, satisfied="dissatisfied", words="井盖还在响")


def visit(matter: Any, heard: Heard = SOLVED, who: str = CHECKER) -> api.VisitView:
    return api.visit_make(by=cast.by(who), client_key=str(uuid4()), matter_id=matter.id, heard=heard)


@pytest.mark.django_db
def test_what_is_not_solved_reopens_on_the_original_clock() -> None:
    matter = matters.closed()
    made = visit(matter, UNSOLVED)
    assert made.reopened
    again = matters.look(matter, cast.TOWN_DUTY_OFFICER)
    assert (again.state, again.total.due_at) == (execution.MatterState.HANDLING, matter.total.due_at)
    assert (again.reopened_count, again.rework_count) == (1, 1)
    assert [one.step for one in matters.history(matter)][-2:] == ["return_visit", "reopen"]
    with pytest.raises(Conflict, match="not_closed"):
        visit(matter)
    closed = matters.closed(matters.checked(matters.close_requested(again)))
    assert visit(closed).solved


@pytest.mark.django_db
def test_a_closing_is_visited_once_however_often_nobody_answered() -> None:
    matter = matters.closed()
    for _ in range(2):
        assert not visit(matter, Heard(False)).reached
    visit(matter)
    with pytest.raises(Conflict, match="visited_already"):
        visit(matter)


@pytest.mark.django_db
def test_whoever_handled_it_neither_visits_nor_judges() -> None:
    matter = matters.closed()
    with pytest.raises(Missing):
        visit(matter, who=cast.TOWN_HANDLER)
    handler = cast.by(cast.TOWN_HANDLER)
    assert decisions.refuse_insider(handler.organisation, {handler.organisation}) is not None
    assert decisions.refuse_insider(None, set()) is not None
    made = visit(matter, UNSOLVED)
    with pytest.raises(Refused, match="visitor_himself"):
        api.claim_judge(by=cast.by(CHECKER), visit_id=made.id, reason="要求超出法规")
    with pytest.raises(Missing):
        api.claim_judge(by=handler, visit_id=made.id, reason="要求超出法规")
    judged = api.claim_judge(by=cast.by(DISTRICT), visit_id=made.id, reason="要求超出法规")
    assert judged.unreasonable
    with pytest.raises(Conflict, match="nothing_to_judge"):
        api.claim_judge(by=cast.by(DISTRICT), visit_id=made.id, reason="再认定")


@pytest.mark.django_db
def test_whoever_handled_it_does_not_visit_from_another_post_either() -> None:
    matter = matters.closed()
    handler, checker = cast.by(cast.TOWN_HANDLER), cast.by(CHECKER)
    with matters.seen_by(CHECKER):
        assert execution.handlers(matter.id) == {handler.account}
    other = accounts.appointment_make(
        by=By.system("test", channel="command"),
        account_id=accounts.account_named(cast.TOWN_HANDLER).id,
        role="town_checker",
        post_id=organisations.post_by_code(checker.post).id,
        area_id=areas.by_code("119901001").id,
        main=False,
    )
    elsewhere = replace(checker, account=handler.account, appointment=other)
    with pytest.raises(Refused, match="handled_himself"):
        api.visit_make(by=elsewhere, client_key=str(uuid4()), matter_id=matter.id, heard=SOLVED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("heard", "code"),
    [
        (Heard(True), "answers_needed"),
        (Heard(True, contacted=True, solved=True, satisfied="great"), "answers_needed"),
        (Heard(True, contacted=True, solved=False, satisfied="fair"), "words_needed"),
        (Heard(False, words="x" * 501), "text_too_long"),
    ],
)
def test_a_visit_says_what_it_must(heard: Heard, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        visit(matters.closed(), heard)


@pytest.mark.django_db
def test_the_visits_behind_a_figure_are_those_that_were_counted() -> None:
    with clock.frozen(matters.coming_workday()):
        solved, judged = matters.closed(), matters.closed()
        visit(solved)
        visit(judged, Heard(True, contacted=True, solved=False, satisfied="dissatisfied", words="要求赔偿"))
        with matters.seen_by(CHECKER) as asking:
            one = next(made for made in api.visits(**asking) if made.matter == judged.id)
        api.claim_judge(by=cast.by(DISTRICT), visit_id=one.id, reason="与事件无关")
        period = execution.period_now(execution.PeriodKind.MONTH)
        with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
            shown = {
                counted: {row.matter for row in api.visit_rows(scope=asking["scope"], counted=counted, period=period)}
                for counted in api.VisitCounted
            }
    page = cast.client(cast.TOWN_DUTY_OFFICER).get(f"/supervision/visits/?counted=unreasonable&period={period.text}")
    assert shown[api.VisitCounted.VISITED] == {solved.id, judged.id}
    assert shown[api.VisitCounted.SOLVED_SAID] == shown[api.VisitCounted.REASONABLE] == {solved.id}
    assert shown[api.VisitCounted.UNREASONABLE] == {judged.id}
    assert "与事件无关" in page.content.decode()
    with matters.seen_by(cast.SIBLING_DUTY_OFFICER) as asking:
        assert not api.visit_rows(scope=asking["scope"], counted=api.VisitCounted.VISITED, period=period)


def test_a_sample_is_the_same_for_everybody_and_about_as_large_as_asked() -> None:
    ids = [UUID(int=number << 64 | number * 7919) for number in range(4000)]
    first = [one for one in ids if decisions.is_sampled("2026-11", one, 300)]
    assert first == [one for one in ids if decisions.is_sampled("2026-11", one, 300)]
    assert 1080 <= len(first) <= 1320
    other = {one for one in ids if decisions.is_sampled("2026-12", one, 300)}
    assert 250 <= len(set(first) & other) <= 470
    kept = {one for one in ids[:2000] if decisions.is_sampled("2026-11", one, 300)}
    assert kept == set(first) & set(ids[:2000])
    assert Counter(decisions.is_sampled("2026-11", one, 1000) for one in ids) == {True: 4000}


@pytest.mark.django_db
def test_what_was_closed_by_whoever_reported_it_is_visited_first() -> None:
    with clock.frozen(matters.coming_workday()):
        own = matters.closed(matters.checked(matters.close_requested(matters.handling(matters.admitted(matters.reported(cast.TOWN_HANDLER))))))  # fmt: skip
        for _ in range(3):
            matters.closed()
        with matters.seen_by(CHECKER) as asking:
            listed = api.to_visit(**asking, period=api.this_month())
            assert listed[0].matter == own.id
            assert listed[0].self_closed
        visit(own, Heard(False))
        with matters.seen_by(CHECKER) as asking:
            assert api.to_visit(**asking, period=api.this_month())[0].tries == 1
        visit(own)
        with matters.seen_by(CHECKER) as asking:
            assert own.id not in {one.matter for one in api.to_visit(**asking, period=api.this_month())}


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "1999-01", "2026-11-01", "二〇二六"])
def test_a_month_is_written_as_a_month(text: str) -> None:
    with pytest.raises(Invalid, match="bad_period"):
        api.month(text)


def test_a_month_begins_and_ends_in_the_city() -> None:
    december = api.month("2026-12")
    assert december.since == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert december.until == datetime(2026, 12, 31, 16, tzinfo=UTC)


@pytest.mark.django_db
def test_how_many_are_visited_is_a_dated_rule_of_the_city() -> None:
    scope, today = cast.scope(CHECKER), areas.today()
    assert sampling.shares_of(scope, today) == sampling.EXAMPLES
    kept = queries.latest(None).content["parameters"]["visit_share"]
    first = {**kept["periods"][0], "valid_until": str(today + timedelta(days=1))}
    later = {**kept["periods"][0], "value": 50, "valid_from": str(today + timedelta(days=2))}
    raised = rules.Change("parameters", "visit_share", {**kept, "periods": [first, later]})
    proposal = rules.rule_propose(
        by=cast.by(cast.DATA_BUREAU), changes=(raised,), title="多回访", reason="满意率低",
        starts_on=today + timedelta(days=2),
    )  # fmt: skip
    rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=proposal.id)
    assert sampling.shares_of(scope, today)["visit_share"] == 30
    assert sampling.shares_of(scope, today + timedelta(days=2))["visit_share"] == 50
