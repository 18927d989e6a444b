"""Work for later: jobs by name, kept in the data base and run by the worker.

Deferring is one insert in the caller's own transaction, so a job exists exactly when what asked for it does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate import Blueprint, RetryStrategy, exceptions, jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from city1361.base.kernel import trace

DEFAULT_QUEUE = "default"
PERIODIC_QUEUE = "periodic"
RESCUE_QUEUE = "rescue"
QUEUES = (DEFAULT_QUEUE, PERIODIC_QUEUE, RESCUE_QUEUE)
ATTEMPTS = 8
TRACE = "trace"
"""The argument that carries the trace of who deferred a job; the job itself does not see it."""

board = Blueprint()


@dataclass(frozen=True, slots=True)
class Job:
    """Work that can be deferred. Arguments are JSON values: ids and codes."""

    name: str
    queue: str
    function: Callable[..., Any]

    def defer(self, *, key: str = "", lock: str = "", at: datetime | None = None, **arguments: Any) -> bool:
        """Have it run after the caller's transaction commits (not before `at`). False: one with `key` waits already.

        Of jobs with the same `lock` only one runs at a time, in order.
        """
        return defer(self.name, queue=self.queue, key=key, lock=lock, at=at, **arguments)

    def __call__(self, **arguments: Any) -> Any:
        """Do it here and now."""
        return self.function(**arguments)


def job(name: str, *, queue: str = DEFAULT_QUEUE, attempts: int = ATTEMPTS) -> Callable[[Callable[..., Any]], Job]:
    """Declare a function as the job `name` (`module.verb_noun`). Failed ones are tried again, ever later.

    `attempts` counts the first one too. A job may run more than once (its worker may die after the work and before
    the note of it): it must not matter.
    """

    def declare(function: Callable[..., Any]) -> Job:
        retry = RetryStrategy(max_attempts=attempts - 1, exponential_wait=3) if attempts > 1 else False

        @functools.wraps(function)
        def run(**arguments: Any) -> Any:
            with trace.within(arguments.pop(TRACE, "")):
                return function(**arguments)

        board.task(name=name, queue=queue, retry=retry)(run)
        return Job(name, queue, function)

    return declare


def periodic(cron: str, *, name: str = "", queue: str = PERIODIC_QUEUE) -> Callable[[Callable[[], Any]], Job]:
    """Declare a function without arguments as work to be done again and again (cron in UTC, seconds may stand sixth).

    Periodic work has a queue of its own: no backlog of other jobs delays it. A failed round is not repeated, the
    next one comes anyway; a round that finds the last one still waiting is left out.
    """

    def declare(function: Callable[[], Any]) -> Job:
        title = name or f"{function.__module__.removeprefix('city1361.')}.{function.__name__}"

        @functools.wraps(function)
        def round_of(timestamp: int) -> Any:
            return function()

        task = board.task(name=title, queue=queue, queueing_lock=title)(round_of)
        board.periodic(cron=cron)(task)
        return Job(title, queue, function)

    return declare


def defer(
    name: str,
    /,
    *,
    queue: str = DEFAULT_QUEUE,
    key: str = "",
    lock: str = "",
    at: datetime | None = None,
    **arguments: Any,
) -> bool:
    """Defer a job by its name alone: for those below the module that declares it. See Job.defer."""
    if trace.current():
        arguments[TRACE] = trace.current()
    waiting = jobs.Job(
        id=None,
        queue=queue,
        lock=lock or None,
        queueing_lock=key or None,
        task_name=name,
        priority=0,
        task_kwargs=arguments,
        scheduled_at=at,
    )
    manager = JobManager(DjangoConnector())
    if not key:
        manager.batch_defer_jobs([waiting])
        return True
    try:
        with transaction.atomic():  # a savepoint: the refusal must not spoil the caller's transaction
            manager.batch_defer_jobs([waiting])
    except exceptions.AlreadyEnqueued:
        return False
    return True
