"""The database goes away in mid-request: reading is repeated once, writing is refused and says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from city1361.platform.assurance.security.accounts.models import Attempt
from tests import cast
from tests.platform.assurance.security.access import edge_addresses

pytestmark = pytest.mark.urls("tests.platform.assurance.security.access.edge_addresses")


@pytest.fixture(autouse=True)
def anew(committed: Any) -> None:
    edge_addresses.calls.clear()


def test_a_reading_request_is_repeated_once() -> None:
    answer = cast.client().get("/edge/lost/1/")
    assert (answer.status_code, answer.content) == (200, b"arrived")
    assert edge_addresses.calls["lost"] == 2
    assert list(Attempt.objects.values_list("key", flat=True)) == ["lost-2"], "the first try left nothing"


def test_a_reading_request_is_not_repeated_for_ever() -> None:
    answer = cast.client(accept="application/json").get("/edge/lost/9/")
    assert (answer.status_code, answer.json()["code"]) == (503, "connection_lost")
    assert edge_addresses.calls["lost"] == 2


def test_a_writing_request_is_refused_and_leaves_nothing() -> None:
    answer = cast.client(accept="application/json").post("/edge/lost/1/")
    assert (answer.status_code, answer.json()["code"]) == (503, "connection_lost")
    assert "Idempotency-Key" in answer.json()["remedy"]
    assert answer.headers["Retry-After"] == "5"
    assert edge_addresses.calls["lost"] == 1
    assert not Attempt.objects.exists()


def test_a_refused_writing_request_is_a_page_for_a_browser() -> None:
    answer = cast.client().post("/edge/lost/1/")
    assert answer.status_code == 503
    assert "不能确认这次操作是否已保存" in answer.content.decode()


def test_the_next_request_works_again() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    browser.post("/edge/lost/1/")
    assert browser.get("/api/v1/me/").status_code == 200


def test_a_connection_cut_between_requests_is_not_noticed() -> None:
    browser = cast.client(cast.TOWN_DUTY_OFFICER)
    assert browser.get("/api/v1/me/").status_code == 200
    with connection.cursor() as cursor, pytest.raises(Exception, match="terminat"):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert browser.get("/api/v1/me/").status_code == 200


def test_a_statement_that_takes_too_long_is_refused_and_not_repeated() -> None:
    answer = cast.client(accept="application/json").get("/edge/slow/")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
