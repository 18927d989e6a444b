"""Signing in: guesses are counted, names are not given away, sessions end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.platform.assurance.security.accounts import api, attempts, hashing
from tests import cast

pytestmark = pytest.mark.django_db
COMMAND = By.system("test", channel="command")
LOGIN, PAGE = "/accounts/login/", "/me/"


def sign_in(browser: Client, username: str, password: str, **extra: Any) -> Any:
    return browser.post(LOGIN, {"login": username, "password": password}, **extra)


def fail(times: int, **names: str) -> None:
    """So many failed attempts, without the cost of hashing for each."""
    for _ in range(times):
        attempts.begin(**names)


def is_in(browser: Client) -> bool:
    return browser.get(PAGE).status_code == 200


def said(answer: Any) -> str:
    """The words of the page without what differs by itself: tokens and the name that was typed."""
    text = re.sub(r'value="[^"]*"|[0-9a-zA-Z]{32,}', "", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def test_the_right_password_signs_in_under_a_new_session_id() -> None:
    browser = cast.client()
    browser.get(LOGIN)
    session = browser.session
    session["kept"] = "before"
    session.save()
    browser.cookies["city1361_session"] = before = session.session_key
    answer = sign_in(browser, cast.TOWN_DUTY_OFFICER, cast.password(cast.TOWN_DUTY_OFFICER))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.cookies["city1361_session"].value != before
    assert is_in(browser)


def test_the_user_name_is_not_case_sensitive() -> None:
    browser = cast.client()
    sign_in(browser, " Town_Duty_Officer ", cast.password(cast.TOWN_DUTY_OFFICER))
    assert is_in(browser)


def test_an_unknown_name_a_wrong_password_and_a_disabled_account_look_the_same() -> None:
    api.account_disable(by=COMMAND, account_id=cast.account(cast.AUDIT_ADMIN).id)
    unknown = sign_in(cast.client(), "nobody_at_all", "wrong")
    known = sign_in(cast.client(), cast.TOWN_DUTY_OFFICER, "wrong")
    disabled = sign_in(cast.client(), cast.AUDIT_ADMIN, cast.password(cast.AUDIT_ADMIN))
    assert "用户名或密码不正确" in said(known)
    assert said(unknown) == said(known) == said(disabled)
    assert unknown.status_code == known.status_code == disabled.status_code


def test_an_unknown_name_costs_as_many_hashes_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting:
        taken = 0

        def acquire(self, timeout: float) -> bool:
            self.taken += 1
            return True

        def release(self) -> None: ...

    costs = []
    for username in ("nobody_at_all", cast.TOWN_DUTY_OFFICER):
        counting = Counting()
        monkeypatch.setattr(hashing, "_turns", counting)
        sign_in(cast.client(), username, "wrong")
        costs.append(counting.taken)
    assert costs == [1, 1]


@pytest.mark.parametrize("username", [cast.TOWN_DUTY_OFFICER, "nobody_at_all"])
def test_after_five_failures_even_the_right_password_waits_a_minute(username: str) -> None:
    password = cast.password(username) if username == cast.TOWN_DUTY_OFFICER else "any"
    began = clock.now()
    with clock.frozen(began):
        first = [sign_in(cast.client(), username, "wrong") for _ in range(5)]
        sixth = sign_in(cast.client(), username, password)
    assert all("用户名或密码不正确" in said(answer) for answer in first)
    assert "请在1分钟后再试" in said(sixth)
    with clock.frozen(began + timedelta(seconds=61)):
        browser = cast.client()
        sign_in(browser, username, password)
        assert is_in(browser) is (username == cast.TOWN_DUTY_OFFICER)


def test_waits_grow_with_every_further_failure() -> None:
    moment = clock.now()
    said_minutes = []
    for _ in range(4):
        with clock.frozen(moment):
            fail(5, account=cast.TOWN_DUTY_OFFICER)
            answer = said(sign_in(cast.client(), cast.TOWN_DUTY_OFFICER, "wrong"))
            minutes = int(re.search(r"请在(\d+)分钟后", answer).group(1))  # type: ignore[union-attr]
        said_minutes.append(minutes)
        moment += timedelta(minutes=minutes, seconds=1)
    assert said_minutes == [1, 2, 4, 8]


def test_success_forgets_the_failures_of_the_account() -> None:
    for _ in range(3):
        fail(4, account=cast.TOWN_DUTY_OFFICER)
        browser = cast.client()
        sign_in(browser, cast.TOWN_DUTY_OFFICER, cast.password(cast.TOWN_DUTY_OFFICER))
        assert is_in(browser)


def test_one_address_cannot_try_many_names() -> None:
    fail(49, address="10.1.3.61")
    sign_in(cast.client(), "somebody", "wrong", REMOTE_ADDR="10.1.3.61")
    refused = sign_in(cast.client(), "another", "wrong", REMOTE_ADDR="10.1.3.61")
    elsewhere = sign_in(cast.client(), "another", "wrong", REMOTE_ADDR="10.1.3.62")
    assert "连续失败次数过多" in said(refused)
    assert "连续失败次数过多" not in said(elsewhere)


def test_a_forwarded_address_is_not_believed_without_a_proxy() -> None:
    fail(50, address="10.1.3.61")
    refused = sign_in(cast.client(), "x_y_z", "wrong", REMOTE_ADDR="10.1.3.61", HTTP_X_FORWARDED_FOR="10.8.8.8")
    assert "连续失败次数过多" in said(refused)


@pytest.mark.parametrize(("idle", "stays"), [(29, True), (30, False)])
def test_an_idle_session_ends(idle: int, stays: bool) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert is_in(browser)
    with clock.frozen(clock.now() + timedelta(minutes=idle)):
        answer = browser.get(PAGE)
    assert (answer.status_code == 200) is stays
    if not stays:
        assert answer.headers["Location"] == "/accounts/login/?next=%2Fme%2F&expired=1"
        assert not is_in(browser)


def test_a_page_that_only_follows_what_others_do_does_not_keep_its_session_alive() -> None:
    browser, began = cast.client(cast.TOWN_DUTY_OFFICER), clock.now()
    for minutes, status in ((0, 200), (10, 200), (20, 200), (29, 200), (31, 302)):
        with clock.frozen(began + timedelta(minutes=minutes)):
            assert browser.get(PAGE, headers={"x-by-itself": "1"}).status_code == status


def test_a_busy_session_ends_after_twelve_hours() -> None:
    browser, began = cast.client(cast.TOWN_DUTY_OFFICER), clock.now()
    for minutes in range(0, 12 * 60, 20):
        with clock.frozen(began + timedelta(minutes=minutes)):
            assert is_in(browser)
    with clock.frozen(began + timedelta(hours=12, minutes=1)):
        assert not is_in(browser)


def test_changing_the_password_ends_the_other_sessions_and_is_recorded() -> None:
    here, there = cast.client(cast.TOWN_DUTY_OFFICER), cast.client(cast.TOWN_DUTY_OFFICER)
    assert is_in(here)
    assert is_in(there)
    old, new = cast.password(cast.TOWN_DUTY_OFFICER), "a-new-long-passphrase-1361"
    answer = here.post("/accounts/password/change/", {"oldpassword": old, "password1": new, "password2": new})
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    account = cast.account(cast.TOWN_DUTY_OFFICER)
    assert "accounts.change_own_password" in [entry.action for entry in evidence.entries_about("account", account.id)]


def test_the_current_password_cannot_be_guessed_on_the_change_page() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    form = {"password1": "a-new-long-passphrase-1361", "password2": "a-new-long-passphrase-1361"}
    for _ in range(5):
        browser.post("/accounts/password/change/", {"oldpassword": "wrong", **form})
    right = {"oldpassword": cast.password(cast.TOWN_DUTY_OFFICER), **form}
    assert "连续失败次数过多" in said(browser.post("/accounts/password/change/", right))


@pytest.mark.parametrize("asking", [{"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}])
def test_nor_by_a_script_that_is_answered_with_an_error(asking: dict[str, str]) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    form = {"password1": "a-new-long-passphrase-1361", "password2": "a-new-long-passphrase-1361"}
    for _ in range(5):
        answer = browser.post("/accounts/password/change/", {"oldpassword": "wrong", **form}, headers=asking)
        assert answer.status_code == 400
    right = {"oldpassword": cast.password(cast.TOWN_DUTY_OFFICER), **form}
    browser.post("/accounts/password/change/", right, headers=asking)
    assert cast.account(cast.TOWN_DUTY_OFFICER).check_password(right["oldpassword"])


@pytest.mark.parametrize("weak", ["short-1", "password123456", "town_duty_officer"])
def test_weak_passwords_are_refused(weak: str) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    old = cast.password(cast.TOWN_DUTY_OFFICER)
    answer = browser.post("/accounts/password/change/", {"oldpassword": old, "password1": weak, "password2": weak})
    assert answer.status_code == 200
    assert cast.account(cast.TOWN_DUTY_OFFICER).check_password(old)


def test_disabling_an_account_ends_its_sessions_at_once() -> None:
    browser = cast.client()
    sign_in(browser, cast.TOWN_DUTY_OFFICER, cast.password(cast.TOWN_DUTY_OFFICER))
    assert is_in(browser)
    assert api.account_disable(by=COMMAND, account_id=cast.account(cast.TOWN_DUTY_OFFICER).id) == 1
    assert browser.get("/api/v1/me/").status_code == 401
    api.account_enable(by=COMMAND, account_id=cast.account(cast.TOWN_DUTY_OFFICER).id)
    assert not is_in(browser)


def test_outside_a_demonstration_its_cast_does_not_exist(settings: Any) -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert is_in(browser)
    settings.DEMONSTRATION = False
    assert not is_in(browser)
    fresh = cast.client()
    sign_in(fresh, cast.TOWN_DUTY_OFFICER, cast.password(cast.TOWN_DUTY_OFFICER))
    assert not is_in(fresh)


def test_signing_out_ends_the_session() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    kept = browser.cookies["city1361_session"].value
    browser.post("/accounts/logout/")
    browser.cookies["city1361_session"] = kept
    assert not is_in(browser)


def test_other_devices_can_be_signed_out() -> None:
    here, there = cast.client(), cast.client()
    for browser in (here, there):
        sign_in(browser, cast.TOWN_DUTY_OFFICER, cast.password(cast.TOWN_DUTY_OFFICER))
    assert here.get("/accounts/sessions/").context["session_count"] == 2
    here.post("/accounts/sessions/")
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize(
    "closed",
    ["signup/", "password/reset/", "password/set/", "email/", "confirm-email/", "login/code/confirm/", "3rdparty/"],
)
def test_what_this_house_does_not_offer_is_not_there(closed: str) -> None:
    assert cast.client().get(f"/accounts/{closed}").status_code == 404


def test_a_first_password_must_be_changed_before_anything_else() -> None:
    new = api.account_create(by=COMMAND, username="new_officer", title="值班员")
    browser = cast.client()
    sign_in(browser, "new_officer", new.password)
    assert browser.get(PAGE).headers["Location"] == "/accounts/password/change/"
    assert browser.get("/api/v1/me/").json()["code"] == "duty_open"
    chosen = "a-new-long-passphrase-1361"
    browser.post("/accounts/password/change/", {"oldpassword": new.password, "password1": chosen, "password2": chosen})
    assert is_in(browser)


def test_passwords_are_stored_as_argon2id_with_the_parameters_of_rfc_9106() -> None:
    assert cast.account(cast.TOWN_DUTY_OFFICER).password.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")
