"""What a browser is given to keep, and what a request costs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from city1361.platform.assurance.security.access import doctor
from tests import cast

NAMES = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH",
    "SECURE_PROXY_SSL_HEADER", "ALLAUTH_TRUSTED_PROXY_COUNT",
)  # fmt: skip


def settings_with(**environment: str) -> dict[str, Any]:
    program = f"import json; from django.conf import settings; print(json.dumps({{n: getattr(settings, n) for n in {NAMES}}}))"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_behind_tls_cookies_are_bound_to_this_host() -> None:
    found = settings_with(CITY1361_TLS="on")
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert (found["SESSION_COOKIE_DOMAIN"], found["SESSION_COOKIE_PATH"]) == (None, "/"), "what __Host- demands"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_a_proxy_is_believed_only_when_there_is_one() -> None:
    assert settings_with(CITY1361_TLS="on")["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_with(CITY1361_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] is None
    behind = settings_with(CITY1361_TLS="on", CITY1361_PROXIES="1")
    assert behind["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert behind["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1


@pytest.mark.django_db
def test_the_session_cookie_is_unreadable_to_scripts_and_goes_with_the_browser() -> None:
    browser = cast.client()
    browser.post("/accounts/login/", {"login": cast.RESIDENT, "password": cast.password(cast.RESIDENT)})
    cookie = browser.cookies["city1361_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["path"]) == (True, "Lax", "", "/")


@pytest.mark.django_db
def test_who_asks_is_worked_out_in_three_reads_and_nothing_is_written() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    browser.get("/api/v1/me/")
    with CaptureQueriesContext(connection) as statements:
        browser.get("/api/v1/me/")
    asked = [one["sql"] for one in statements]
    assert [re.search(r'FROM "?(\w+)"?', sql).group(1) for sql in asked if "FROM " in sql] == [  # type: ignore[union-attr]
        "django_session",
        "platform_accounts_account",
        "platform_accounts_appointment",
    ]
    assert not [sql for sql in asked if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.django_db
def test_the_doctor_finds_every_endpoint_declared() -> None:
    levels = {finding.where: finding.level for finding in doctor.findings()}
    assert levels["urls"] == "ok"
