"""Whether the installation can serve, truthfully."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection

from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from tests import cast


@contextmanager
def unreachable_database() -> Iterator[None]:
    """Nobody listens where the data base should be."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@pytest.mark.django_db
def test_all_is_well_and_nothing_secret_is_told() -> None:
    # No worker runs here: an hour ago nothing had waited for it. Only the clock is then wrong.
    with clock.frozen(clock.now() - timedelta(hours=1)):
        answer = cast.client().get("/readyz")
    assert answer.status_code == 200
    others = dict.fromkeys(("database", "schema", "evidence", "events", "jobs", "disk"), "ok")
    assert answer.json() == {"status": "degraded", "checks": {**others, "clock": "apart"}}


FAULTS = {
    "read_only": ("database", "SET LOCAL transaction_read_only = on"),
    "behind": ("schema", "DELETE FROM django_migrations WHERE app = 'centres_execution'"),
    "late": (
        "jobs",
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
        " VALUES ('default', 'nobody', 'todo', now() - interval '1 hour')",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", FAULTS)
def test_each_fault_is_told_by_its_own_check_and_requests_go_on(what: str) -> None:
    check, statement = FAULTS[what]
    with connection.cursor() as cursor:
        cursor.execute(statement)
    answer = cast.client().get("/readyz")
    assert (answer.status_code, answer.json()["checks"][check]) == (200, what)
    assert answer.json()["status"] == "degraded"
    assert cast.client().get("/livez").status_code == 200


@pytest.mark.django_db
def test_a_clock_that_is_wrong_is_told() -> None:
    for wrong in (timedelta(days=400), timedelta(hours=-2)):
        with clock.frozen(clock.now() + wrong):
            assert cast.client().get("/readyz").json()["checks"]["clock"] == "apart"
    assert cast.client().get("/readyz").json()["checks"]["clock"] == "ok"


@pytest.mark.django_db
def test_evidence_that_nobody_sequences_is_late() -> None:
    with clock.frozen(clock.now().replace(year=2020)):
        evidence.record(by=By.system("test"), action="test.late", subject=Subject("test", "1"), facts={})
    answer = cast.client().get("/readyz").json()
    assert (answer["status"], answer["checks"]["evidence"]) == ("degraded", "late")


@pytest.mark.usefixtures("committed")
def test_without_a_database_it_lives_but_is_not_ready() -> None:
    with unreachable_database():
        assert cast.client().get("/livez").status_code == 200
        answer = cast.client().get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["database"] == "down"
    assert cast.client().get("/readyz").status_code == 200
