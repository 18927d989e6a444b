"""Second factors: one-time codes, recovery codes, passkeys. Secrets are sealed, codes count once, guesses are counted."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.platform.assurance.security.accounts import api, attempts
from tests import cast
from tests.platform.assurance.security.accounts.software_key import SoftwareKey

pytestmark = pytest.mark.django_db
COMMAND = By.system("test", channel="command")
WHO = cast.TOWN_DUTY_OFFICER
PERIOD = 30


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + steps))


def sign_in(browser: Client, username: str = WHO) -> Any:
    return browser.post("/accounts/login/", {"login": username, "password": cast.password(username)})


def proven(username: str = WHO) -> Client:
    """A browser in which the person has just proven himself again, as adding a factor demands."""
    browser = cast.client()
    sign_in(browser, username)
    browser.post("/accounts/reauthenticate/", {"password": cast.password(username)})
    return browser


def enrol(browser: Client) -> str:
    """Add an authenticator app. Returns its secret."""
    secret: str = browser.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)}).status_code == 302
    return secret


def codes_shown(browser: Client) -> list[str]:
    codes: list[str] = browser.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    return codes


def test_adding_a_factor_asks_for_the_password_again() -> None:
    answer = cast.client(WHO).get("/accounts/2fa/totp/activate/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def test_a_code_signs_in_once_and_only_after_the_password() -> None:
    secret = enrol(proven())
    browser = cast.client()
    assert sign_in(browser).headers["Location"] == "/accounts/2fa/authenticate/"
    assert browser.get("/me/").status_code == 302, "the password alone is not enough"
    code = code_of(secret, 1)
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert browser.get("/me/").status_code == 200
    again = cast.client()
    sign_in(again)
    again.post("/accounts/2fa/authenticate/", {"code": code})
    assert again.get("/me/").status_code == 302, "a code counts once"


def test_a_used_code_does_not_count_again_when_it_is_typed_otherwise() -> None:
    secret = enrol(proven())
    first, code = cast.client(), code_of(secret, 1)
    sign_in(first)
    first.post("/accounts/2fa/authenticate/", {"code": code})
    assert first.get("/me/").status_code == 200
    cache.clear()  # what one process remembers, another one does not know
    for typed in (f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        again = cast.client()
        sign_in(again)
        again.post("/accounts/2fa/authenticate/", {"code": typed})
        assert again.get("/me/").status_code == 302


def test_codes_cannot_be_guessed() -> None:
    secret = enrol(proven())
    browser = cast.client()
    sign_in(browser)
    for _ in range(5):
        attempts.begin(code=str(cast.account(WHO).id))
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert "连续失败次数过多" in answer.content.decode()
    assert browser.get("/me/").status_code == 302


def test_secrets_are_sealed_in_the_database() -> None:
    secret = enrol(proven())
    stored = json.dumps([row.data for row in Authenticator.objects.filter(user=cast.account(WHO))])
    assert secret not in stored
    assert Authenticator.objects.filter(user=cast.account(WHO)).count() == 2, (
        "recovery codes come with the first factor"
    )


def test_a_recovery_code_works_once_and_is_shown_once() -> None:
    here = proven()
    enrol(here)
    codes = codes_shown(here)
    assert len(codes) == 10
    assert set(codes_shown(here)) == {"****"}
    for expected in (200, 302):
        browser = cast.client()
        sign_in(browser)
        browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert browser.get("/me/").status_code == expected


def test_what_people_do_with_their_factors_is_recorded() -> None:
    browser = proven()
    enrol(browser)
    browser.post("/accounts/2fa/recovery-codes/generate/")
    browser.post("/accounts/2fa/totp/deactivate/")
    recorded = [entry.action for entry in evidence.entries_about("account", cast.account(WHO).id)]
    for action in ("add_own_second_factor", "renew_own_recovery_codes", "remove_own_second_factor"):
        assert f"accounts.{action}" in recorded


def add_key(browser: Client, key: SoftwareKey) -> Any:
    options = browser.get("/accounts/2fa/webauthn/add/", secure=True).context["js_data"]["creation_options"]
    form = {"name": "钥匙", "credential": json.dumps(key.register(options))}
    return browser.post("/accounts/2fa/webauthn/add/", form, secure=True)


def sign_in_with(key: SoftwareKey) -> Client:
    browser = cast.client(accept="application/json")
    options = browser.get("/accounts/2fa/webauthn/login/", secure=True).json()["request_options"]
    form = {"credential": json.dumps(key.sign(options))}
    browser.post("/accounts/2fa/webauthn/login/", form, secure=True)
    return browser


def test_a_passkey_signs_in_without_a_password() -> None:
    key = SoftwareKey()
    assert add_key(proven(), key).status_code == 302
    assert sign_in_with(key).get("/api/v1/me/").json()["username"] == WHO


def test_a_passkey_used_on_another_site_is_refused() -> None:
    key = SoftwareKey()
    add_key(proven(), key)
    key.origin = "https://testserver.example"
    assert sign_in_with(key).get("/api/v1/me/").status_code == 401


def test_a_passkey_registered_on_another_site_is_refused() -> None:
    assert add_key(proven(), SoftwareKey(origin="https://evil.example")).status_code == 200
    assert not Authenticator.objects.filter(user=cast.account(WHO)).exists()


def test_another_key_cannot_sign_for_the_registered_one() -> None:
    key, thief = SoftwareKey(), SoftwareKey()
    add_key(proven(), key)
    thief.id, thief.user = key.id, key.user
    assert sign_in_with(thief).get("/api/v1/me/").status_code == 401


def test_an_old_signature_cannot_be_sent_again() -> None:
    key = SoftwareKey()
    add_key(proven(), key)
    first, second = cast.client(accept="application/json"), cast.client(accept="application/json")
    options = first.get("/accounts/2fa/webauthn/login/", secure=True).json()["request_options"]
    form = {"credential": json.dumps(key.sign(options))}
    second.get("/accounts/2fa/webauthn/login/", secure=True)
    second.post("/accounts/2fa/webauthn/login/", form, secure=True)
    assert second.get("/api/v1/me/").status_code == 401


def test_a_passkey_of_a_disabled_account_opens_nothing() -> None:
    key = SoftwareKey()
    add_key(proven(), key)
    api.account_disable(by=COMMAND, account_id=cast.account(WHO).id)
    assert sign_in_with(key).get("/api/v1/me/").status_code == 401


def test_somebody_elses_key_looks_missing() -> None:
    add_key(proven(), SoftwareKey())
    key = Authenticator.objects.get(user=cast.account(WHO), type="webauthn").pk
    other = proven(cast.SIBLING_DUTY_OFFICER)
    for page in ("remove", "edit"):
        assert other.get(f"/accounts/2fa/webauthn/keys/{key}/{page}/").status_code == 404


def test_a_role_that_must_have_a_factor_gets_nowhere_without_one(settings: Any) -> None:
    settings.MFA_REQUIRED = [WHO]
    browser = cast.client()
    sign_in(browser)
    assert browser.get("/me/").headers["Location"] == "/accounts/2fa/totp/activate/"
    refused = browser.get("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (403, "duty_open")
    browser.post("/accounts/reauthenticate/", {"password": cast.password(WHO)})
    enrol(browser)
    assert browser.get("/me/").status_code == 200
    assert cast.client(cast.GRID_WORKER).get("/me/").status_code == 200


def test_the_last_factor_of_such_a_role_cannot_be_removed(settings: Any) -> None:
    settings.MFA_REQUIRED = [WHO]
    browser = proven()
    enrol(browser)
    browser.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=cast.account(WHO), type="totp").exists()


def test_outside_a_demonstration_all_staff_must_have_a_factor_and_residents_need_not(settings: Any) -> None:
    settings.DEMONSTRATION = False
    must, have = api.second_factor_coverage(clock.now())
    assert (must, have) == (18, 0)


def test_an_administrator_can_reset_a_lost_factor() -> None:
    browser = proven()
    enrol(browser)
    assert api.second_factor_reset(by=COMMAND, account_id=cast.account(WHO).id) == 2
    assert browser.get("/api/v1/me/").status_code == 401, "its sessions end"
    fresh = cast.client()
    sign_in(fresh)
    assert fresh.get("/me/").status_code == 200
