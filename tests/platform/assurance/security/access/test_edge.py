"""The edge: traces, headers, verdicts, problems as pages and JSON, one transaction per request."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.logs import AllowedJson
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.security.accounts.models import Appointment, Attempt
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.platform.assurance.security.access.edge_addresses"),
]
COMMAND = By.system("test", channel="command")
JSON = {"accept": "application/json"}


def appoint_elsewhere(username: str) -> Any:
    """A second appointment, in the sibling town."""
    return accounts.appointment_make(
        by=COMMAND,
        account_id=cast.account(username).id,
        role="town_duty_officer",
        post_id=organisations.post_by_code("119901002/command_centre/duty").id,
        area_id=areas.by_code("119901002").id,
        main=False,
    )


def test_every_answer_carries_a_trace_and_takes_one_over() -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    given = cast.client().get("/edge/writes/fine/", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    made = cast.client().get("/edge/nowhere/")
    assert given.headers["X-Request-ID"] == trace
    assert len(made.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("Content-Security-Policy", "default-src 'none'"),
        ("Content-Security-Policy", "script-src 'self';"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Permissions-Policy", "payment=()"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ],
)
def test_pages_and_api_carry_the_headers(header: str, part: str) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    for address in ("/me/", "/api/v1/me/"):
        assert part in browser.get(address).headers[header] + ";"


def test_no_page_may_run_inline_code() -> None:
    policy = cast.client().get("/accounts/login/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "*" not in policy


@pytest.mark.parametrize("outcome", ["problem", "stale", "missing", "crash", "refused"])
def test_an_answer_of_400_or_more_leaves_nothing_behind(outcome: str) -> None:
    assert cast.client().get(f"/edge/writes/{outcome}/").status_code >= 400
    assert not Attempt.objects.filter(key=outcome).exists()


def test_a_good_answer_is_kept() -> None:
    assert cast.client().get("/edge/writes/fine/").status_code == 200
    assert Attempt.objects.filter(key="fine").exists()


def test_a_problem_is_a_page_for_a_browser_and_json_for_others() -> None:
    page = cast.client().get("/edge/writes/problem/")
    body = cast.client(**JSON).get("/edge/writes/problem/")
    assert page.status_code == body.status_code == 409
    assert "“甲”已被使用" in page.content.decode()
    assert page.headers["X-Request-ID"] in page.content.decode()
    assert body.json() == {
        "code": "taken",
        "message": "“甲”已被使用",
        "where": "name",
        "remedy": "请换一个",
        "trace": body.headers["X-Request-ID"],
    }


def test_a_stale_answer_tells_what_changed() -> None:
    body = cast.client(**JSON).get("/edge/writes/stale/")
    assert (body.status_code, body.json()["changes"]) == (412, [{"step": "受理", "who": "值班员"}])


@pytest.mark.parametrize("outcome", ["crash", "missing"])
def test_reasons_stay_inside(outcome: str) -> None:
    for browser in (cast.client(), cast.client(**JSON)):
        assert b"secret" not in browser.get(f"/edge/writes/{outcome}/").content


def test_problems_are_told_in_the_language_of_the_person() -> None:
    zh = cast.client(**JSON).get("/edge/nowhere/").json()["message"]
    en = cast.client(**JSON, accept_language="en").get("/edge/nowhere/").json()["message"]
    assert zh == "未找到该内容"
    assert en
    assert zh != en


def test_denied_and_missing_are_the_same_answer() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER, **JSON)
    denied, absent = browser.get("/edge/forbidden/"), browser.get("/edge/nowhere/")
    assert denied.status_code == absent.status_code == 404
    assert {**denied.json(), "trace": ""} == {**absent.json(), "trace": ""}
    assert set(denied.headers) == set(absent.headers)


def test_denied_attempts_are_logged_without_personal_data(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "city1361.security"):
        cast.client(cast.TOWN_DUTY_OFFICER).get(
            "/edge/forbidden/?phone=13800001361", headers={"user-agent": "Canary/1"}
        )
        cast.client(cast.TOWN_DUTY_OFFICER).get("/edge/writes/missing/")
        cast.client().post("/accounts/login/", {"login": "canary_name", "password": "canary-password"})
    lines = [
        json.loads(AllowedJson().format(record)) for record in caplog.records if record.name == "city1361.security"
    ]
    assert [(line["says"], line["reason"]) for line in lines] == [
        ("access_denied", "permission"),
        ("access_denied", "object"),
        ("sign_in_failed", "wrong_credentials"),
    ]
    assert lines[0]["route"] == "edge/forbidden/"
    assert lines[0]["permissions"] == ["nobody.has_this"]
    assert lines[0]["account"] == str(cast.account(cast.TOWN_DUTY_OFFICER).id)
    assert not [word for word in ("13800001361", "Canary", "canary") if word in caplog.text]


def test_a_stranger_is_sent_to_sign_in_and_told_so_by_the_api() -> None:
    page = cast.client().get("/me/?a=1")
    assert (page.status_code, page.headers["Location"]) == (302, "/accounts/login/?next=%2Fme%2F%3Fa%3D1")
    for browser, method in (
        (cast.client(), "post"),
        (cast.client(hx_request="true"), "get"),
        (cast.client(**JSON), "get"),
    ):
        assert getattr(browser, method)("/me/").status_code == 401
    assert cast.client().get("/api/v1/me/").json()["code"] == "not_signed_in"


def test_an_endpoint_that_says_nothing_is_for_people_signed_in() -> None:
    assert cast.client().get("/edge/silent/").status_code == 302
    assert cast.client(cast.RESIDENT).get("/edge/silent/").status_code == 200


def test_forms_need_their_token() -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(cast.account(cast.TOWN_DUTY_OFFICER))
    page = browser.post("/me/appointment/", {})
    body = browser.post(f"/api/edge/things/{new_id()}", "{}", content_type="application/json")
    assert page.status_code == body.status_code == 403
    assert "仍保存在本机" in page.content.decode()
    assert body.json()["code"] == "form_expired"


@pytest.mark.parametrize(
    ("body", "query", "fields"),
    [
        ('{"name": "甲", "colour": "red"}', "", ["colour"]),
        ('{"name": "甲乙丙丁戊己", "count": "many"}', "", ["name", "count"]),
        ("{}", "?limit=x", ["limit", "name"]),
    ],
)
def test_wrong_input_names_every_field(body: str, query: str, fields: list[str]) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    answer = browser.post(f"/api/edge/things/{new_id()}{query}", body, content_type="application/json")
    assert answer.status_code == 422
    assert sorted(field["where"] for field in answer.json()["fields"]) == sorted(fields)
    assert all(field["message"] for field in answer.json()["fields"])


def test_a_body_that_is_not_json_is_malformed_and_a_wrong_id_is_missing() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    thing = f"/api/edge/things/{new_id()}"
    assert browser.post(thing, "{", content_type="application/json").json()["code"] == "malformed"
    wrong = browser.post("/api/edge/things/7", '{"name": "甲"}', content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (404, "missing")


def test_the_api_rolls_back_like_a_page() -> None:
    browser, thing = cast.client(cast.TOWN_DUTY_OFFICER), new_id()
    for name, kept in (("none", False), ("甲", True)):
        done = browser.post(f"/api/edge/things/{thing}", json.dumps({"name": name}), content_type="application/json")
        assert done.status_code == (200 if kept else 404), done.content
        assert Attempt.objects.filter(key=str(thing)).exists() is kept


def test_a_wrong_method_on_the_api_is_told_as_a_problem() -> None:
    answer = cast.client(cast.TOWN_DUTY_OFFICER).get(f"/api/edge/things/{new_id()}")
    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"]) == (405, "wrong_method", "POST")


def test_the_view_runs_bound_to_the_scope_of_the_person() -> None:
    assert cast.client(cast.TOWN_DUTY_OFFICER).get("/edge/who/").content.decode() == "镇街值班员 True 1"
    assert cast.client(cast.RESIDENT).get("/edge/who/").content.decode() == "居民 True 0"


def test_switching_the_appointment_switches_the_scope_and_the_session_id() -> None:
    second, browser = appoint_elsewhere(cast.TOWN_DUTY_OFFICER), cast.client(cast.TOWN_DUTY_OFFICER)
    before = browser.cookies["city1361_session"].value
    assert browser.get("/api/v1/me/").json()["appointments"][0]["area"] == "示范街道"
    assert browser.post("/me/appointment/", {"appointment": str(second)}).status_code == 302
    assert browser.cookies["city1361_session"].value != before
    assert [one["area"] for one in browser.get("/api/v1/me/").json()["appointments"]] == ["榜样街道", "示范街道"]


def test_somebody_elses_appointment_cannot_be_chosen() -> None:
    foreign = Appointment.objects.get(account=cast.account(cast.SYSTEM_ADMIN)).id
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    for chosen, status in ((str(foreign), 404), (str(new_id()), 404), ("x", 422), ("", 422)):
        assert browser.post("/me/appointment/", {"appointment": chosen}).status_code == status
    assert "accounts.create_account" not in browser.get("/api/v1/me/").json()["permissions"]


def test_a_transferred_person_loses_the_old_scope_with_the_next_request() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert "execution.admit_matter" in browser.get("/api/v1/me/").json()["permissions"]
    held = Appointment.objects.get(account=cast.account(cast.TOWN_DUTY_OFFICER))
    accounts.appointment_end(by=COMMAND, appointment_id=held.id)
    after = browser.get("/api/v1/me/").json()
    assert (after["permissions"], after["appointments"]) == ([], [])


def test_an_appointment_ends_by_itself_at_its_time() -> None:
    held = Appointment.objects.filter(account=cast.account(cast.TOWN_DUTY_OFFICER))
    ends = clock.now() + timedelta(minutes=5)
    held.update(valid_to=ends)
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert browser.get("/api/v1/me/").json()["permissions"]
    assert cast.scope(cast.TOWN_DUTY_OFFICER).expires == ends
    with clock.frozen(ends):
        assert browser.get("/api/v1/me/").json()["permissions"] == []


def test_an_ended_choice_falls_back_to_the_main_appointment() -> None:
    second, browser = appoint_elsewhere(cast.TOWN_DUTY_OFFICER), cast.client(cast.TOWN_DUTY_OFFICER)
    browser.post("/me/appointment/", {"appointment": str(second)})
    accounts.appointment_end(by=COMMAND, appointment_id=second)
    assert [one["area"] for one in browser.get("/api/v1/me/").json()["appointments"]] == ["示范街道"]


def test_one_appointment_never_acts_with_the_area_of_another() -> None:
    appoint_elsewhere(cast.TOWN_CHECKER)
    scope = cast.scope(cast.TOWN_CHECKER)
    assert {area.id for area in scope.areas} == {areas.by_code("119901001").id}
    assert not scope.allows("execution.admit_matter")


def test_by_of_an_ended_appointment_may_nothing() -> None:
    from city1361.base.kernel import registry

    by = cast.by(cast.TOWN_DUTY_OFFICER)
    accounts.appointment_end(by=COMMAND, appointment_id=by.appointment)
    assert registry.scope_of(by).permissions == frozenset()
    accounts.account_disable(by=COMMAND, account_id=by.account)
    assert registry.scope_of(by).account is None


def test_the_profile_shows_the_appointment_and_never_the_sealed_phone() -> None:
    page = cast.client(cast.TOWN_DUTY_OFFICER).get("/me/").content.decode()
    assert "示范街道" in page
    assert "镇街值班员" in page


@pytest.mark.parametrize(
    "page", ["password/change/", "2fa/", "2fa/webauthn/", "sessions/", "reauthenticate/", "logout/"]
)
def test_account_pages_open(page: str) -> None:
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(f"/accounts/{page}").status_code == 200


def test_a_text_that_the_database_cannot_hold_is_wrong_input() -> None:
    answer = cast.client(accept="application/json").get("/edge/writes/a%00b/")
    assert (answer.status_code, answer.json()["code"]) == (422, "unstorable")
    assert not Attempt.objects.exists()
