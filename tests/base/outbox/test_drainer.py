"""Events reach their reactions: each once, none lost, failures visible."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction

from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import api, decisions, doctor, queries, subscription

BY = By(new_id(), "值班员", "web", trace="t-1")


@dataclass(frozen=True, slots=True)
class BellRung(api.Event):
    name = "test_drainer.bell_rung"
    bell: UUID
    version: int = 1

    def topics(self) -> tuple[str, ...]:
        return (f"bell:{self.bell}",)


heard: list[tuple[BellRung, api.Occurrence]] = []
failing = threading.Event()


@api.reacts_to(BellRung)
def hear(event: BellRung, occurrence: api.Occurrence) -> None:
    heard.append((event, occurrence))


@api.reacts_to(BellRung)
def stumble(event: BellRung, occurrence: api.Occurrence) -> None:
    if failing.is_set():
        raise ValueError("the ladder broke")


@pytest.fixture
def quiet(committed: Any, owner: psycopg.Connection[Any]) -> Any:
    """Nothing waits: what the loading of the city published is not these tests' concern."""
    owner.execute("TRUNCATE base_outbox_pending, base_outbox_delivery")
    return committed


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    heard.clear()
    failing.clear()
    yield
    failing.clear()


def ring(count: int = 1) -> list[BellRung]:
    events = [BellRung(new_id(), version) for version in range(1, count + 1)]
    with transaction.atomic():
        api.publish(*events, by=BY)
    return events


def drain_dry() -> list[api.Drained]:
    rounds = []
    while not (drained := api.drain_once()).idle:
        rounds.append(drained)
    return rounds


@pytest.mark.usefixtures("quiet")
def test_an_event_reaches_its_reactions_once_with_who_did_it_and_when() -> None:
    [event] = ring()
    assert drain_dry() == [api.Drained(events=1, reactions=2, failed=0)]
    [(told, occurrence)] = heard
    assert told == event
    assert occurrence.by == BY
    assert queries.backlog() == api.Backlog(pending=0, due=0, dead=0, oldest=None)


@pytest.mark.usefixtures("quiet")
def test_what_was_rolled_back_is_never_told() -> None:
    with transaction.atomic():
        api.publish(BellRung(new_id()), by=BY)
        transaction.set_rollback(True)
    assert drain_dry() == []
    assert heard == []


@pytest.mark.usefixtures("quiet")
def test_an_event_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        api.publish(BellRung(new_id()), by=BY)


def test_an_event_that_commits_late_is_not_lost(quiet: Any) -> None:
    """The later event has the larger id and is drained first: who remembered the last id would miss the earlier."""
    begun, go_on = threading.Event(), threading.Event()
    early = BellRung(new_id(), 1)

    def slow() -> None:
        with transaction.atomic():
            api.publish(early, by=BY)
            begun.set()
            assert go_on.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    [late] = ring()
    drain_dry()
    assert [event for event, _ in heard] == [late]
    go_on.set()
    thread.join()
    drain_dry()
    assert [event for event, _ in heard] == [late, early]


def test_many_drainers_at_once_deliver_each_event_once(quiet: Any) -> None:
    events = ring(120)
    together = threading.Barrier(4)
    problems: list[BaseException] = []

    def drain() -> None:
        try:
            together.wait(20)
            for _ in range(40):
                api.drain_once(batch=7)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drain_dry()
    assert problems == []
    assert sorted(event.bell for event, _ in heard) == sorted(event.bell for event in events)


def test_a_failing_reaction_waits_ever_longer_hinders_no_other_and_is_dead_at_last(
    quiet: Any, owner: psycopg.Connection[Any]
) -> None:
    failing.set()
    ring()
    assert drain_dry() == [api.Drained(events=1, reactions=2, failed=1)]
    assert len(heard) == 1
    waits = []
    for _ in range(decisions.MAXIMUM_ATTEMPTS - 1):
        row = owner.execute("SELECT due_at - now() FROM base_outbox_delivery WHERE state = 'due'").fetchone()
        assert row is not None
        waits.append(row[0].total_seconds())
        assert drain_dry() == []
        owner.execute("UPDATE base_outbox_delivery SET due_at = now() WHERE state = 'due'")
        assert drain_dry() == [api.Drained(events=0, reactions=1, failed=1)]
    assert all(later > earlier for earlier, later in itertools.pairwise(waits))
    assert queries.backlog().dead == 1
    [dead] = api.dead_deliveries()
    assert (dead.name, dead.attempts) == (BellRung.name, decisions.MAXIMUM_ATTEMPTS)
    assert dead.last_error == "ValueError: the ladder broke"
    assert any(finding.level == "warn" and "given up" in finding.what for finding in doctor.findings())
    assert drain_dry() == []
    failing.clear()
    assert queries.revive_dead_deliveries() == 1
    assert drain_dry() == [api.Drained(events=0, reactions=1, failed=0)]
    assert len(heard) == 1


@pytest.mark.django_db
def test_what_is_kept_of_a_broken_rule_of_the_data_base_quotes_no_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bells (phone text CONSTRAINT bells_once UNIQUE)")
        cursor.execute("INSERT INTO bells VALUES ('13800001361')")
        with pytest.raises(IntegrityError) as broken:
            cursor.execute("INSERT INTO bells VALUES ('13800001361')")
    assert "13800001361" in str(broken.value)
    assert decisions.told_of(broken.value) == "IntegrityError: 23505 bells bells_once"


def test_a_reaction_this_version_no_longer_has_fails_visibly(quiet: Any, owner: psycopg.Connection[Any]) -> None:
    ring()
    api.drain_once()
    owner.execute(
        "UPDATE base_outbox_delivery SET reaction = 'gone.by', state = 'due', due_at = now()"
        " WHERE reaction LIKE '%hear'"
    )
    assert drain_dry() == [api.Drained(events=0, reactions=1, failed=1)]
    error = owner.execute("SELECT last_error FROM base_outbox_delivery WHERE reaction = 'gone.by'").fetchone()
    assert error is not None
    assert "gone.by" in error[0]


KILLED = """
    import os, signal, sys
    import django
    django.setup()
    from dataclasses import dataclass
    from uuid import UUID
    from django.db import connection
    from city1361.base.outbox import api

    @dataclass(frozen=True, slots=True)
    class CoinThrown(api.Event):
        name = "test_drainer.coin_thrown"
        coin: UUID

    def note(event, occurrence):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO test_effect VALUES (%s)", [event.coin])
        os.kill(os.getpid(), signal.SIGKILL)

    note.__module__ = "test_drainer"
    api.reacts_to(CoinThrown)(note)
    connection.settings_dict.update(zip(("NAME", "USER", "PASSWORD", "HOST", "PORT"), sys.argv[1:], strict=True))
    api.drain_once()
"""


@dataclass(frozen=True, slots=True)
class CoinThrown(api.Event):
    name = "test_drainer.coin_thrown"
    coin: UUID


def note(event: CoinThrown, occurrence: api.Occurrence) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effect VALUES (%s)", [event.coin])


note.__module__ = "test_drainer"
api.reacts_to(CoinThrown)(note)


def drain_in_a_process_that_dies() -> int:
    where = connection.settings_dict
    words = [str(where[part]) for part in ("NAME", "USER", "PASSWORD", "HOST", "PORT")]
    return subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED), *words], check=False).returncode


def test_a_reaction_cut_off_by_kill_9_leaves_nothing_and_is_done_once_afterwards(
    quiet: Any, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("CREATE TABLE test_effect (coin uuid)")
    owner.execute("GRANT ALL ON test_effect TO PUBLIC")
    with transaction.atomic():
        api.publish(CoinThrown(new_id()), by=BY)
    assert drain_in_a_process_that_dies() == -signal.SIGKILL
    assert owner.execute("SELECT count(*) FROM test_effect").fetchone() == (0,)
    assert owner.execute("SELECT state, attempts FROM base_outbox_delivery").fetchall() == [("due", 1)]
    owner.execute("UPDATE base_outbox_delivery SET due_at = now()")
    assert drain_dry() == [api.Drained(events=0, reactions=1, failed=0)]
    assert owner.execute("SELECT count(*) FROM test_effect").fetchone() == (1,)


def test_a_reaction_that_kills_every_worker_is_given_up(quiet: Any, owner: psycopg.Connection[Any]) -> None:
    ring()
    failing.set()
    api.drain_once()
    owner.execute(
        "UPDATE base_outbox_delivery SET due_at = now(), attempts = %s WHERE state = 'due'",
        [decisions.MAXIMUM_ATTEMPTS],
    )
    failing.clear()
    assert drain_dry() == [api.Drained(events=0, reactions=1, failed=1)]
    [dead] = api.dead_deliveries()
    assert "died" in dead.last_error


def test_live_listeners_are_told_by_the_drainer_only_and_in_one_piece(
    quiet: Any, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("LISTEN city1361_live")
    events = ring(20)
    assert list(owner.notifies(timeout=0.2)) == []
    api.drain_once()
    [notification] = owner.notifies(timeout=5, stop_after=1)
    notes = json.loads(notification.payload)
    assert [note["topics"] for note in notes] == [[f"bell:{event.bell}"] for event in events]
    assert [note["version"] for note in notes] == [event.version for event in events]
    assert list(owner.notifies(timeout=0.2)) == []


def test_many_events_are_told_in_pieces_that_fit(quiet: Any, owner: psycopg.Connection[Any]) -> None:
    owner.execute("LISTEN city1361_live")
    events = ring(150)
    api.drain_once()
    payloads = [notification.payload for notification in owner.notifies(timeout=1)]
    assert len(payloads) > 1
    assert all(len(payload.encode()) < 8000 for payload in payloads)
    assert sum(len(json.loads(payload)) for payload in payloads) == len(events)


@pytest.mark.usefixtures("quiet")
def test_deferring_a_job_notifies_nobody(owner: psycopg.Connection[Any]) -> None:
    triggers = owner.execute(
        "SELECT t.tgrelid::regclass::text, p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE p.prosrc ILIKE '%pg_notify%'"
    ).fetchall()
    assert triggers == []


@pytest.mark.usefixtures("quiet")
def test_events_and_deliveries_are_partitioned(owner: psycopg.Connection[Any]) -> None:
    tables = owner.execute("SELECT partrelid::regclass::text FROM pg_partitioned_table").fetchall()
    assert {"base_outbox_event", "base_outbox_delivery"} <= {name for (name,) in tables}


def test_two_reactions_cannot_share_a_name() -> None:
    def hear(event: BellRung, occurrence: api.Occurrence) -> None:
        raise AssertionError

    hear.__module__ = __name__
    with pytest.raises(TypeError, match="two reactions"):
        subscription.reacts_to(BellRung)(hear)
