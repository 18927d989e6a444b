"""What moves instances by itself: timers that are due, services that answer, messages that arrive.

Each event goes to whoever owns the subject, when that changes with the process, else to the process alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F

from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Problem, Stale
from city1361.platform.components.processes import applying, registration
from city1361.platform.components.processes.models import ProcessMessage, ProcessTimer, ServiceRequest
from city1361.platform.components.processes.queries import instance_view
from city1361.platform.components.processes.terms import (
    Event,
    MessageArrived,
    ServiceDone,
    ServiceFailed,
    TimerFired,
)
from city1361.platform.components.processes.work_terms import InstanceView, ServiceRefused

TIMERS = By.system("流程定时器")
SERVICES = By.system("流程服务")
BATCH = 50
LEASE = timedelta(seconds=60)
ATTEMPTS = 8
UNCAUGHT = "process_uncaught"

logger = logging.getLogger("city1361.processes")


def fire_due_timers(most: int = 2000) -> int:
    """Fire up to `most` timers that are due, in the order of their moments, each once; returns how many were taken up.

    After a stop each fires once, however late. One that fails is tried again, ever later, and holds up no other.
    """
    taken = 0
    while taken < most:
        with database.scoped(registry.scope_of(TIMERS)):  # a batch is one transaction, each timer a savepoint in it
            some = _batch(_fire_next, min(BATCH, most - taken))
        taken += some
        if not some:
            break
    return taken


def _batch(fire: Callable[[], bool], most: int) -> int:
    """How many were taken up; the next is looked for after each, because firing sets and withdraws others."""
    for number in range(most):
        if not fire():
            return number
    return most


def _fire_next() -> bool:
    now = clock.now()
    due = ProcessTimer.objects.filter(try_at__lte=now, due_at__lte=now).order_by("due_at", "instance_id", "token")
    timer = due.select_for_update(skip_locked=True).first()
    if timer is None:
        return False
    mine = ProcessTimer.objects.filter(instance_id=timer.instance_id, token=timer.token)
    try:
        with transaction.atomic():
            view = instance_view(registry.scope_of(TIMERS), timer.instance_id)
            advance(TIMERS, view, TimerFired(timer.token))
            if not mine.filter(due_at__gt=timer.due_at).exists():
                mine.delete()  # whoever took the event need not have known of the row
    except Exception as problem:
        _later(mine, timer.attempts, problem, now)
    return True


def _later(row: Any, attempts: int, problem: Exception, now: datetime) -> None:
    seconds = 1 if isinstance(problem, Stale) else min(5 * 2**attempts, 3600)
    row.update(try_at=now + timedelta(seconds=seconds), attempts=F("attempts") + 1, problem=_said(problem))
    if not isinstance(problem, Stale):
        logger.warning("an instance did not move by itself: %s", _said(problem))


def _said(problem: Exception) -> str:
    return (str(problem) if isinstance(problem, Problem) else type(problem).__name__)[:300]


def call_due_services(most: int = 500) -> int:
    """Call services that wait; each at least once, with the same key. Returns how many were called."""
    called = 0
    while called < most and _call_next():
        called += 1
    return called


def _call_next() -> bool:
    request = _claim()
    if request is None:
        return False
    mine = {"instance_id": request.instance_id, "token": request.token}
    try:
        event = _ask(request)
        with database.scoped(registry.scope_of(SERVICES)):
            if ServiceRequest.objects.filter(**mine).exists():
                advance(SERVICES, instance_view(registry.scope_of(SERVICES), request.instance_id), event)
                ServiceRequest.objects.filter(**mine).delete()
    except Exception as problem:
        with database.scoped(registry.scope_of(SERVICES)):
            rows = ServiceRequest.objects.filter(**mine)
            _later(rows, request.attempts, problem, clock.now())
            given_up = isinstance(problem, Problem) and problem.code == UNCAUGHT  # asking again gives the same
            (rows if given_up else rows.filter(attempts__gte=ATTEMPTS)).update(dead=True)
    return True


def _claim() -> ServiceRequest | None:
    """Take one for a minute: if this process dies meanwhile, another takes it then."""
    now = clock.now()
    with database.scoped(registry.scope_of(SERVICES)):
        due = ServiceRequest.objects.filter(dead=False, try_at__lte=now).order_by("try_at", "instance_id", "token")
        request = due.select_for_update(skip_locked=True).first()
        if request is not None:
            ServiceRequest.objects.filter(instance_id=request.instance_id, token=request.token).update(
                try_at=now + LEASE
            )
    return request


def _ask(request: ServiceRequest) -> ServiceDone | ServiceFailed:
    service = registration.services().get(request.name)
    if service is None:
        raise LookupError(request.name)
    try:
        result = service.function(dict(request.arguments), f"{request.instance_id}:{request.token}")
    except ServiceRefused as refused:
        return ServiceFailed(request.token, refused.code)
    return ServiceDone(request.token, result)


def retry_services() -> int:
    """Have the calls that were given up tried again; returns how many."""
    with database.scoped(registry.scope_of(SERVICES)):
        dead = ServiceRequest.objects.filter(dead=True)
        return dead.update(dead=False, attempts=0, try_at=clock.now(), problem="")


def message_deliver(by: By, name: str, correlation: str = "", variables: Mapping[str, Any] | None = None) -> int:
    """Hand a message to every instance that waits for it within the scope of `by`; returns how many did."""
    scope = registry.scope_of(by)
    with database.scoped(scope):
        waiting = ProcessMessage.objects.filter(name=name, correlation=correlation).order_by("instance_id", "token")
        rows = list(waiting.values_list("instance_id", "token"))
        for instance, token in rows:
            advance(by, instance_view(scope, instance), MessageArrived(name, correlation, variables or {}, token))
    return len(rows)


def advance(by: By, instance: InstanceView, event: Event) -> None:
    """Take the event where the subject is kept."""
    tie = registration.subject_kind(instance.subject_kind)
    if tie.advance is not None:
        tie.advance(by, instance, event)
        return
    applying.process_advance(by=by, instance=instance.id, expected_version=instance.version, event=event)
