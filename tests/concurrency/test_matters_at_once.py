"""Two people at once, on real commits: one wins, the other is told; nothing is doubled or lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from city1361.base.database import api as database
from city1361.base.kernel.errors import Conflict, Stale
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import api as outbox
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, MatterView, Step
from city1361.centres.execution.models import Matter, MatterNumber
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*works: Callable[[], MatterView]) -> list[MatterView | Exception]:
    """Run each on a connection of its own, all released together."""
    start = threading.Barrier(len(works), timeout=30)
    outcomes: list[MatterView | Exception] = [RuntimeError("did not run")] * len(works)

    def run(place: int, work: Callable[[], MatterView]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            outcomes[place] = work()
        except Exception as error:  # the outcome is what the test looks at
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_two_officers_admit_at_once_and_the_loser_is_told_who_won() -> None:
    post, officer = matters.handler_post(), cast.by(cast.TOWN_DUTY_OFFICER).label
    for _ in range(5):
        matter = matters.reported()

        def admit(matter: MatterView = matter) -> MatterView:
            return execution.matter_admit(
                by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=1, handler_post=post
            )

        def refuse(matter: MatterView = matter) -> MatterView:
            return execution.matter_refuse(
                by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=1, reason="重复上报"
            )

        outcomes = at_once(admit, refuse, admit)
        winners = [one for one in outcomes if isinstance(one, MatterView)]
        losers = [one for one in outcomes if isinstance(one, Stale)]
        assert (len(winners), len(losers)) == (1, 2), outcomes
        step = Step.ADMIT if winners[0].state is MatterState.ADMITTED else Step.REFUSE
        for loser in losers:
            assert [(one["code"], one["who"]) for one in loser.changes] == [(step.value, officer)]
        assert [one.version for one in matters.history(matter)] == [1, 2]


def test_one_key_sent_many_times_at_once_makes_one_matter() -> None:
    key = str(uuid4())
    outcomes = at_once(*[lambda: matters.reported(client_key=key)] * 6)
    assert all(isinstance(one, MatterView) for one in outcomes), outcomes
    assert len({one.id for one in outcomes if isinstance(one, MatterView)}) == 1
    with database.scoped(Scope.everything()):
        assert Matter.objects.count() == 1


def test_one_key_with_two_bodies_at_once_makes_one_matter_and_one_conflict() -> None:
    key = str(uuid4())
    outcomes = at_once(
        lambda: matters.reported(client_key=key, description="井盖破损"),
        lambda: matters.reported(client_key=key, description="路灯不亮"),
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "MatterView"], outcomes
    conflict = next(one for one in outcomes if isinstance(one, Conflict))
    assert conflict.code == "key_with_another_body"


def test_reports_of_one_town_at_once_get_numbers_of_their_own() -> None:
    outcomes = at_once(*[matters.reported] * 8)
    numbers = sorted(one.number for one in outcomes if isinstance(one, MatterView))
    assert len(numbers) == 8, outcomes
    serials = [int(number[-4:]) for number in numbers]
    assert serials == list(range(serials[0], serials[0] + 8))
    assert MatterNumber.objects.count() == 8


def test_a_report_that_fails_gives_its_number_back() -> None:
    first = matters.reported()
    with pytest.raises(RuntimeError), transaction.atomic():
        matters.reported()
        raise RuntimeError("the caller's transaction is undone")
    assert int(matters.reported().number[-4:]) == int(first.number[-4:]) + 1


def test_without_a_bound_scope_nothing_can_be_read() -> None:
    matter = matters.reported()
    connection.close()  # a session that never bound anything
    with pytest.raises(DatabaseError, match="city1361"), transaction.atomic():
        Matter.objects.filter(pk=matter.id).count()
    with database.scoped(cast.scope(cast.RESIDENT)):
        assert Matter.objects.count() == 1
    with pytest.raises(DatabaseError, match="boolean"), transaction.atomic():  # nor does one that once had
        Matter.objects.filter(pk=matter.id).count()


def test_the_worker_links_a_repetition_and_tells_the_streams() -> None:
    first, again = matters.reported(cast.GRID_WORKER), matters.reported()
    with psycopg.connect(**_parameters(), autocommit=True) as listener:
        listener.execute("LISTEN city1361_live")
        while not outbox.drain_once().idle:
            pass
        told = "".join(note.payload for note in listener.notifies(timeout=10, stop_after=1))
    for matter in (first, again):
        assert f"matter:{matter.id}" in told
    assert matters.look(again, cast.TOWN_DUTY_OFFICER).recurrence_of == first.id
    assert matters.look(first, cast.TOWN_DUTY_OFFICER).recurrence_of is None


def _parameters() -> dict[str, object]:
    known = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {name: known[key] for name, key in names.items()}


def test_a_database_that_goes_away_in_mid_request_doubles_nothing(committed: Any) -> None:
    """The report waits at its number, its backend is ended, the phone sends it again under the same key."""
    given = {"matter_type": "01003", "description": "井盖破损", "area_id": str(matters.grid())}
    key, answers = str(uuid4()), []

    def send() -> None:
        try:
            answers.append(_send(given, key))
        finally:
            connection.close()

    with psycopg.connect(**_parameters()) as blocker:
        town = areas.by_code("119901001")
        assert town is not None
        blocker.execute(
            "INSERT INTO centres_execution_matterserial (town_id, day, last) VALUES (%s, %s, 41)",
            [town.id, areas.today()],
        )
        sender = threading.Thread(target=send)
        sender.start()
        with psycopg.connect(committed.superuser_url, dbname=committed.name, autocommit=True) as superuser:
            assert _ended(superuser, blocker.info.backend_pid), "the report never waited"
        sender.join(30)
        blocker.rollback()
    assert answers[0].status_code == 503, answers[0].content.decode()
    assert answers[0]["Retry-After"]
    with database.scoped(Scope.everything()):
        assert Matter.objects.count() == 0
    again, repeated = _send(given, key), _send(given, key)
    assert (again.status_code, repeated.status_code) == (201, 201)
    assert again.json()["id"] == repeated.json()["id"]
    with database.scoped(Scope.everything()):
        assert Matter.objects.count() == 1


def _send(given: dict[str, object], key: str) -> Any:
    return cast.client(cast.RESIDENT).post(
        "/api/v1/matters/", json.dumps(given), content_type="application/json", headers={"Idempotency-Key": key}
    )


def _ended(superuser: psycopg.Connection[Any], blocker: int) -> bool:
    """End the backend that waits for `blocker`, as soon as there is one; False after ten seconds without."""
    waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE %s = ANY (pg_blocking_pids(pid))"
    for _ in range(200):
        if superuser.execute(waiting, [blocker]).fetchall():
            return True
        superuser.execute("SELECT pg_sleep(0.05)")
    return False


def test_nobody_s_matter_is_seen_by_a_thread_of_another_scope() -> None:
    """Scopes are bound to transactions, not to threads or connections that are used again."""
    matter = matters.reported()
    seen: list[list[UUID]] = []

    def ask(who: str) -> None:
        for _ in range(20):
            with matters.seen_by(who) as asking:
                seen.append([row.id for row in execution.my_list(**asking, tab="all").rows])

    ask(cast.SIBLING_DUTY_OFFICER)
    assert all(rows == [] for rows in seen)
    seen.clear()
    ask(cast.TOWN_DUTY_OFFICER)
    assert all(rows == [matter.id] for rows in seen)
