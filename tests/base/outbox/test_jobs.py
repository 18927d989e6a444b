"""Jobs: they exist when their transaction commits, survive their worker, and never delay periodic work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from city1361.base.outbox import api, jobs, queries, queueing

done: list[str] = []
gate = threading.Event()


@api.job("test_jobs.note")
def note(word: str) -> None:
    done.append(word)


@api.job("test_jobs.wait")
def wait(word: str) -> None:
    assert gate.wait(30)
    done.append(word)


@api.job("test_jobs.fail", attempts=1)
def fail() -> None:
    raise ValueError("the job cannot be done")


@api.periodic("0 0 1 1 *", name="test_jobs.yearly")
def yearly() -> None:
    done.append("yearly")


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    done.clear()
    gate.clear()
    yield
    gate.set()


def eventually(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


@contextmanager
def worker() -> Iterator[None]:
    """The job loops, in a thread as in the worker process."""
    stop = threading.Event()
    problems: list[BaseException] = []

    def run() -> None:
        try:
            api.run_jobs(stop, grace=2.0)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        assert problems == []


def states(owner: psycopg.Connection[Any]) -> dict[str, str]:
    rows = owner.execute("SELECT task_name, status::text FROM procrastinate_jobs").fetchall()
    return dict(rows)


@pytest.mark.usefixtures("committed")
def test_a_job_exists_when_and_only_when_its_transaction_commits() -> None:
    with transaction.atomic():
        note.defer(word="never")
        transaction.set_rollback(True)
    with transaction.atomic():
        note.defer(word="once")
    with worker():
        assert eventually(lambda: bool(done))
    assert done == ["once"]


@pytest.mark.usefixtures("committed")
def test_of_two_jobs_with_one_key_the_second_is_left_out_and_the_transaction_goes_on() -> None:
    with transaction.atomic():
        assert note.defer(key="k", word="first")
        assert not note.defer(key="k", word="second")
        assert note.defer(word="third")
    with worker():
        assert eventually(lambda: len(done) == 2)
    assert sorted(done) == ["first", "third"]


def test_a_job_can_be_deferred_by_its_name_alone(committed: Any) -> None:
    assert api.defer("test_jobs.note", word="by name")
    with worker():
        assert eventually(lambda: done == ["by name"])


def test_periodic_work_is_not_delayed_by_a_backlog(committed: Any) -> None:
    for number in range(20):
        wait.defer(word=str(number))
    yearly_job = queueing.defer("test_jobs.yearly", queue=queueing.PERIODIC_QUEUE, timestamp=0)
    assert yearly_job
    with worker():
        assert eventually(lambda: "yearly" in done)
        assert done == ["yearly"]
        gate.set()
        assert eventually(lambda: len(done) == 21)


def test_a_job_that_fails_every_attempt_is_kept_and_seen(committed: Any, owner: psycopg.Connection[Any]) -> None:
    fail.defer()
    with worker():
        assert eventually(lambda: states(owner).get("test_jobs.fail") == "failed")
    assert queries.failed_jobs() == 1


KILLED = """
import os, signal, sys, threading
import django
django.setup()
from django.db import connection
from city1361.base.outbox import api

@api.job("test_jobs.note")
def note(word):
    os.kill(os.getpid(), signal.SIGKILL)

connection.settings_dict.update(zip(("NAME", "USER", "PASSWORD", "HOST", "PORT"), sys.argv[1:], strict=True))
api.run_jobs(threading.Event())
"""


def test_a_job_whose_worker_was_killed_is_done_by_another_together_with_those_behind_its_lock(
    committed: Any, owner: psycopg.Connection[Any]
) -> None:
    note.defer(lock="one at a time", word="first")
    note.defer(lock="one at a time", word="second")
    where = connection.settings_dict
    words = [str(where[part]) for part in ("NAME", "USER", "PASSWORD", "HOST", "PORT")]
    killed = subprocess.run([sys.executable, "-c", KILLED, *words], env=dict(os.environ), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert owner.execute("SELECT status::text FROM procrastinate_jobs ORDER BY id").fetchall()[:2] == [
        ("doing",),
        ("todo",),
    ]
    # Half a minute later:
    owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '40 seconds'")
    queueing.defer(jobs.RESCUE, queue=queueing.RESCUE_QUEUE, timestamp=0)
    with worker():
        assert eventually(lambda: len(done) == 2)
    assert done == ["first", "second"]


def test_a_job_that_kills_every_worker_is_given_up(committed: Any, owner: psycopg.Connection[Any]) -> None:
    note.defer(word="poison")
    owner.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = %s", [queueing.ATTEMPTS])
    queueing.defer(jobs.RESCUE, queue=queueing.RESCUE_QUEUE, timestamp=0)
    with worker():
        assert eventually(lambda: states(owner).get("test_jobs.note") == "failed")
    assert done == []


def test_the_loops_say_when_the_data_base_goes_away(committed: Any, owner: psycopg.Connection[Any]) -> None:
    problems: list[BaseException] = []
    stop = threading.Event()

    def run() -> None:
        try:
            api.run_jobs(stop, grace=1.0)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    assert eventually(lambda: owner.execute("SELECT count(*) FROM procrastinate_workers").fetchone() == (3,))
    owner.execute("ALTER TABLE procrastinate_jobs RENAME TO gone")
    try:
        assert eventually(lambda: bool(problems))
    finally:
        owner.execute("ALTER TABLE gone RENAME TO procrastinate_jobs")
        stop.set()
        thread.join()
