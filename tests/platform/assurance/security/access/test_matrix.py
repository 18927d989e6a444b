"""The authorisation matrix: every endpoint × every role × own, child, parent, sibling and other area, organisation
taking part or not, reporter or not. Expected outcomes come from what endpoints declare and from a simple oracle; an
endpoint, a kind of object or a parameter that the matrix does not know makes it fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from city1361.base.database import scoping
from city1361.base.files import registration
from city1361.base.kernel import clock, registry
from city1361.base.kernel.endpoint import Endpoint
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.access.city_api import description
from city1361.platform.assurance.security.access.endpoints import Address, addresses
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.platform.assurance.security.access import neighbourhood, orders
from tests.platform.assurance.security.access.world import HOLDER, PEOPLE, Thing, World, relation

STRANGER = ""
ANSWERED, SIGN_IN, MISSING, NO_METHOD = "answered", "sign in", "missing", "no such method"
ADDRESSES = sorted(addresses(), key=lambda address: (address.route, address.method))
KINDS = {
    "": None,
    "matter": new_id,
    "report": new_id,
    "file": new_id,
    "export": new_id,
    "review": new_id,
    "radar_finding": new_id,
    "own_key": lambda: 999_999,
    "own_factor": None,
    "process": new_id,
    "work_item": new_id,
    "package_row": new_id,
    **dict.fromkeys(orders.KINDS, new_id),
    **dict.fromkeys(neighbourhood.KINDS, new_id),
}
# Parts of addresses that name something shipped.
NAMED = {
    "system": "government",
    "package": "city-management",
    "form": "manhole",
    "key": "matters",
    "call_step": "call_off",
    "task_step": "take_back",
    "figure_code": "closing",
    "number": "1",
}
PARAMETERS = re.compile(r"<(?:(\w+):)?(\w+)>")
# A right body for each step of the API: without one it would be judged before the matter is looked for.
BODIES: dict[str, dict[str, Any]] = {
    "admit": {"handler_post": str(new_id())},
    "refuse": {"text": "不属实"},
    "acknowledge": {},
    "report_progress": {"text": "已到场"},
    "request_close": {"result": "solved", "text": "已修复"},
    "check_pass": {},
    "check_fail": {"text": "未修复"},
    "close": {},
    "agree": {},
    "reopen": {"text": "没解决"},
    **{key: {} for key in ("verify_pass", "resume", "send_verify", "pause", "shelve_matter", "extend", "void")},
    **{
        key: {"text": "不属实"}
        for key in (
            "verify_fail",
            "send_up",
            "send_back",
            "take_back",
            "request_pause",
            "request_void",
            "reject_request",
            "unshelve",
        )
    },
    "request_shelve": {"text": "待立项", "owner": str(new_id()), "review_on": "2027-01-04"},
    "request_extend": {"text": "待配件", "amount": 1, "unit": "working_day"},
    "review_shelved": {"text": "仍待立项", "review_on": "2027-01-04"},
    "route": {"handler_post": str(new_id())},
    "assign": {"lower_centre": str(new_id())},
    "request_ruling": {"text": "职责不清"},
    "designate": {"party": f"{new_id()}", "text": "按职责"},
    **{key: {"own_post": str(new_id())} for key in ("transfer", "delegate")},
    "cc": {"organisation": str(new_id())},
}
STEP = re.compile(r"/api/v1/matters/<\w+:matter_id>/steps/(\w+)")


def body_of(address: Address) -> dict[str, Any] | None:
    """What to send; None for a page and for a question."""
    if address.method == "GET" or not address.route.startswith("/api/"):
        return None
    step = STEP.fullmatch(address.route)
    if step:
        return BODIES[step.group(1)]
    return orders.BODIES.get("/".join(address.route.split("/")[-3:]), {})


def own_area(scope: Scope) -> str:
    """The code of an area that one may see: walls of other areas have tests of their own."""
    known = areas.areas([one.id for one in scope.areas])
    return min((one.code for one in known.values()), default=areas.city().code)


def expected(asks: Endpoint, world: World, person: str, thing: Thing | None) -> str:
    """The oracle."""
    scope = world.scopes[person]
    if asks.public:
        return ANSWERED
    if scope.account is None:
        return SIGN_IN
    if asks.permissions and not any(scope.allows(permission) for permission in asks.permissions):
        return MISSING
    if thing is not None and not world.sees(person, asks.about, thing):
        return MISSING
    return ANSWERED


@dataclass(frozen=True, slots=True)
class Case:
    person: str
    thing: Thing | None
    stands: str


def cases(address: Address, world: World) -> Iterator[Case]:
    """Everybody, and for an endpoint about an object one object for each way of standing to it.

    What is public answers everybody: there it is enough that it answers a stranger and somebody.
    """
    assert address.asks is not None
    for person in (STRANGER, HOLDER) if address.asks.public else (STRANGER, *PEOPLE):
        if not address.asks.about:
            yield Case(person, None, "")
            continue
        seen = set()
        for thing in world.things[address.asks.about]:
            scope = world.scopes[person]
            stands = relation(scope, thing) if thing.areas else ""
            stands += " mine" if scope.account and thing.reporter == scope.account else ""
            stands += " joined" if scope.organisations & thing.organisations else ""
            if stands not in seen:
                seen.add(stands)
                yield Case(person, thing, stands)


def ask(address: Address, world: World, person: str, subject: object) -> Any:
    """Send the request in the person's session and undo what it did."""

    def value(match: re.Match[str]) -> str:
        kind, name = match.groups()
        if name in ("matter_id", "file_id", "export_id", "review_id", "delivery_id", "item_id", "proposal", "pk"):
            return str(subject)
        if name == "area_code":
            return own_area(world.scopes[person])
        if name in NAMED:
            of_one = address.route.startswith("/processes/") or address.asks.about == "package_row"  # type: ignore[union-attr]
            return "matter" if name == "key" and of_one else NAMED[name]
        assert (kind, name) == ("slug", "name"), f"the matrix does not know <{kind}:{name}> of {address.route}"
        return "admit"

    browser = Client(raise_request_exception=False)
    if person:
        browser.cookies["city1361_session"] = world.sessions[person]
    headers: dict[str, Any] = {"If-Match": '"1"', "Idempotency-Key": str(new_id())}
    path, body = PARAMETERS.sub(value, address.route), body_of(address)
    path += "?field=own_post" if path.endswith("/choices") else ""
    with transaction.atomic():
        if address.method == "GET":
            answer = browser.get(path, headers=headers)
        elif body is None:
            answer = browser.post(path, headers=headers)
        else:
            answer = browser.post(path, body, content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer


def outcome(answer: Any) -> str:
    assert answer.status_code < 500, answer.content.decode()[:400]
    if answer.status_code == 405:
        return NO_METHOD
    if answer.status_code == 404:
        return MISSING
    to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next=")
    return SIGN_IN if answer.status_code == 401 or to_sign_in else ANSWERED


def without_what_differs(answer: Any) -> str:
    """The answer without its own address and without random tokens."""
    text = answer.content.decode().replace(answer.wsgi_request.path, "")
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-zA-Z]{32,}", "", text)


def compare_with_absent(address: Address, world: World, person: str, denied: Any) -> None:
    """Denied is the same answer as never having been there."""
    absent = ask(address, world, person, KINDS[address.asks.about]())  # type: ignore[union-attr, misc]
    assert absent.status_code == 404
    assert without_what_differs(absent) == without_what_differs(denied)
    assert set(absent.headers) == set(denied.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: f"{address.method} {address.route}")
def test_each_person_gets_what_the_endpoint_declares(address: Address, world: World) -> None:
    assert address.asks is not None, "it does not say whom it is for: declare @endpoint"
    wrong, compared = [], set()
    for case in cases(address, world):
        answer = ask(address, world, case.person, case.thing.id if case.thing else new_id())
        found, wanted = outcome(answer), expected(address.asks, world, case.person, case.thing)
        if address.asks.public or (found == NO_METHOD and wanted != SIGN_IN):
            continue
        if found != wanted:
            wrong.append(f"{case.person or 'stranger'} · {case.stands}: {found} ({answer.status_code}), not {wanted}")
        if found == ANSWERED and STEP.fullmatch(address.route):
            assert b'"invalid_input"' not in answer.content, "the matrix sends a body that does not fit"
        if found == wanted == MISSING and KINDS[address.asks.about] and case.person not in compared:
            compared.add(case.person)
            compare_with_absent(address, world, case.person, answer)
    assert wrong == []


def test_nothing_is_left_out(world: World) -> None:
    """Every role of roles.yaml looks; every kind of object is known; every operation of the API has its address."""
    standings = [accounts.standing_of(one.account, None, clock.now()) for one in world.scopes.values() if one.account]
    held = {one.active.role.code for one in standings if one and one.active}
    assert held == {role.code for role in accounts.roles()}
    asked = [address.asks for address in ADDRESSES if address.asks]
    assert {asks.about for asks in asked} <= set(KINDS)
    assert {permission for asks in asked for permission in asks.permissions} <= set(registry.permissions())
    known = {(PARAMETERS.sub("{}", address.route), address.method.lower()) for address in ADDRESSES}
    for path, operations in description()["paths"].items():
        for method in operations:
            assert (re.sub(r"{[^}]*}", "{}", path), method) in known
    steps = {step.group(1) for address in ADDRESSES if (step := STEP.fullmatch(address.route))}
    assert steps == set(BODIES)


def test_people_stand_to_matters_in_every_way(world: World) -> None:
    ways: dict[str, set[str]] = {}
    for person in PEOPLE:
        ways[person] = {relation(world.scopes[person], thing) for thing in world.things["matter"]}
    assert ways["grid_worker"] >= {"own", "sibling", "parent", "elsewhere"}
    assert ways["town_duty_officer"] >= {"own", "child", "sibling", "elsewhere"}
    assert ways["district_duty_officer"] >= {"child", "elsewhere"}
    assert ways["city_duty_officer"] == {"child"}
    assert ways["resident"] == {"no area"}
    handler = world.scopes["town_handler"]
    assert any(handler.organisations & thing.organisations for thing in world.things["matter"])
    assert world.scopes[HOLDER].account == world.things["own_key"][0].reporter


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_lists_show_nothing_that_the_object_itself_would_not(person: str, world: World) -> None:
    browser = Client(raise_request_exception=False)
    browser.cookies["city1361_session"] = world.sessions[person]
    visible = {str(thing.id) for thing in world.things["matter"] if world.sees(person, "matter", thing)}
    reported = {str(thing.id) for thing in world.things["matter"] if world.sees(person, "report", thing)}
    areas = {area.id for area in world.scopes[person].areas}
    within = {str(thing.id) for thing in world.things["matter"] if areas & set(thing.areas)}
    for tab in ("todo", "doing", "done", "all"):
        answer = browser.get("/api/v1/matters/", {"tab": tab, "size": 200})
        if not world.scopes[person].allows("execution.read_matter"):
            assert answer.status_code == 404
            continue
        shown = {row["id"] for row in answer.json()["rows"]}
        assert shown <= visible
        assert tab != "all" or shown >= within
        searched = browser.get("/api/v1/matters/", {"tab": tab, "size": 200, "q": "路面"}).json()["rows"]
        assert {row["id"] for row in searched} <= visible
    mine = browser.get("/api/v1/matters/mine", {"size": 200})
    if mine.status_code == 200:
        assert {row["id"] for row in mine.json()["rows"]} == reported


@pytest.mark.django_db
def test_a_forgotten_filter_turns_the_matrix_red(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos whose guard lets everybody look: row security keeps them from other areas and knows no permissions. Without
    both fences somebody elsewhere gets what the oracle keeps from him."""
    address = next(one for one in ADDRESSES if one.asks and one.asks.about == "file")
    asks = address.asks
    assert asks is not None

    def wrong() -> list[str]:
        found = []
        for case in cases(address, world):
            assert case.thing is not None
            if outcome(ask(address, world, case.person, case.thing.id)) != expected(
                asks, world, case.person, case.thing
            ):
                found.append(case.person)
        return found

    assert wrong() == []
    monkeypatch.setitem(registration._guards, "matter", lambda scope, subject: True)
    assert not [one for one in wrong() if world.scopes[one].allows("execution.read_matter")]
    bound = scoping._values
    monkeypatch.setattr(scoping, "_values", lambda scope: [*bound(scope)[:3], "on"])
    assert cast.SIBLING_DUTY_OFFICER in wrong()
