"""Scope from an appointment and the verdict before a view runs, without a database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from city1361.base.kernel.endpoint import Endpoint, asked_by, endpoint
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.platform.assurance.security.access.decisions import Footing, Verdict, scope_on, verdict
from city1361.platform.assurance.security.access.trace import trace_of

ACCOUNT, TOWN, CENTRE = new_id(), AreaRef(Level.TOWN, new_id()), new_id()
SOMEBODY = Scope(account=ACCOUNT, permissions=frozenset({"execution.admit_matter"}))


def judge(asked: Endpoint | None, scope: Scope, open_duty: bool = False, own_account_page: bool = False) -> Verdict:
    return verdict(asked, scope, open_duty=open_duty, own_account_page=own_account_page)


def test_the_scope_is_that_of_one_appointment() -> None:
    ends = datetime(2027, 1, 1, tzinfo=UTC)
    scope = scope_on(ACCOUNT, Footing(CENTRE, TOWN, frozenset({"x.y"}), ends))
    assert scope == Scope(ACCOUNT, frozenset({CENTRE}), frozenset({TOWN}), frozenset({"x.y"}), ends)


def test_a_resident_stands_on_his_own_reports_only() -> None:
    scope = scope_on(ACCOUNT, Footing(None, None, frozenset({"execution.report_matter"}), None))
    assert (scope.areas, scope.organisations) == (frozenset(), frozenset())
    assert scope.account == ACCOUNT


def test_nobody_is_unlimited() -> None:
    assert not scope_on(ACCOUNT, None).unlimited
    assert scope_on(ACCOUNT, None).permissions == frozenset()


@pytest.mark.parametrize(
    ("asked", "stranger", "somebody"),
    [
        (Endpoint(public=True), Verdict.GO_ON, Verdict.GO_ON),
        (Endpoint(), Verdict.SIGN_IN, Verdict.GO_ON),
        (None, Verdict.SIGN_IN, Verdict.GO_ON),
        (Endpoint(frozenset({"execution.admit_matter"})), Verdict.SIGN_IN, Verdict.GO_ON),
        (Endpoint(frozenset({"execution.admit_matter", "x.y"})), Verdict.SIGN_IN, Verdict.GO_ON),
        (Endpoint(frozenset({"x.y"})), Verdict.SIGN_IN, Verdict.DENY),
    ],
)
def test_the_verdict(asked: Endpoint | None, stranger: Verdict, somebody: Verdict) -> None:
    assert judge(asked, Scope.nothing()) is stranger
    assert judge(asked, SOMEBODY) is somebody


def test_an_open_duty_comes_first_but_not_before_the_pages_where_it_is_done() -> None:
    assert judge(Endpoint(), SOMEBODY, open_duty=True) is Verdict.DUTY
    assert judge(Endpoint(), SOMEBODY, open_duty=True, own_account_page=True) is Verdict.GO_ON
    assert judge(Endpoint(public=True), SOMEBODY, open_duty=True) is Verdict.GO_ON


def test_a_view_says_what_it_asks() -> None:
    @endpoint("a.b", "c.d", about="matter", transaction=False)
    def view() -> None: ...

    assert asked_by(view) == Endpoint(frozenset({"a.b", "c.d"}), False, "matter", False)
    assert asked_by(lambda: None) is None


def test_an_endpoint_for_anybody_cannot_ask_for_a_permission() -> None:
    with pytest.raises(ValueError, match="for anybody"):
        endpoint("a.b", public=True)


def test_a_trace_is_taken_over_when_it_is_well_formed() -> None:
    assert trace_of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01") == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("header", ["", "x", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", "00-4bf92f3577b34da6'; --"])
def test_a_wrong_trace_is_replaced(header: str) -> None:
    made = trace_of(header)
    assert len(made) == 32
    assert made != trace_of(header)
