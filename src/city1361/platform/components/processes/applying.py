"""Starting instances and moving them on: read, plan, and write all of it by one call of sql/apply.sql."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from city1361.base.action.api import Outcome, Remembered, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Stale
from city1361.base.kernel.ids import id_at, moment_of, new_id
from city1361.platform.components.processes import decisions, registration, versions, wording
from city1361.platform.components.processes.events import ProcessMessageSent, ProcessMoved
from city1361.platform.components.processes.queries import instance_view
from city1361.platform.components.processes.terms import (
    Event,
    Plan,
    ProcessStatus,
    Started,
    State,
    StepRefused,
    Variables,
)
from city1361.platform.components.processes.work_terms import InstanceView, Permission, Standing
from city1361.platform.components.processes.writing import SKEW, new_json, plan_json, standing_json

SUBJECT = "process"
STALE = "C1361"
_APPLY = "SELECT processes_apply(%s::jsonb, %s)"
_PLACE = "SELECT processes_place(%s::jsonb, %s, %s)"


@action(Permission.RUN_PROCESS)
def process_start(
    *,
    by: By,
    key: str,
    subject_kind: str,
    subject_id: UUID,
    standing: Standing,
    variables: Variables | None = None,
    start: str = "",
) -> Outcome[InstanceView]:
    """Begin an instance of the current version of `key`. Raises Missing, Conflict when the process refuses."""
    version, at = versions.current_version(key), clock.now()
    event = Started(variables or {}, start)
    instance = new_instance(version, subject_kind, subject_id, standing, at)
    return _outcome(by, instance, _planned(version, None, event, at), event, at)


@action(Permission.RUN_PROCESS)
def process_advance(*, by: By, instance: UUID, expected_version: int, event: Event) -> Outcome[InstanceView]:
    """Let an event happen to an instance that is at `expected_version`.

    Raises Missing, Stale when it has moved on meanwhile, Conflict when it cannot take the event as it stands.
    """
    view = instance_view(registry.scope_of(by), instance)
    if view.version != expected_version:
        raise stale(view.id)
    at = clock.now()
    return _outcome(by, view, _planned(view.version_id, view.state, event, at), event, at)


def new_instance(version: UUID, subject_kind: str, subject_id: UUID, standing: Standing, at: datetime) -> InstanceView:
    """An instance that has not begun: what `plan_json` wants for its first plan."""
    key, number = versions.label_of(version)
    return InstanceView(
        new_id(), key, version, number, subject_kind, subject_id, State(), 0, "running", standing, at, None
    )


def is_stale(error: DatabaseError) -> bool:
    """Whether processes_apply found another version than the expected one."""
    return getattr(error.__cause__, "sqlstate", "") == STALE


def stale(instance: UUID) -> Stale:
    return Stale("process_stale", "流程已由他人推进", where=str(instance), remedy="请刷新后重试")


def apply(written: dict[str, Any], expected_version: int) -> int:
    """Write a plan; returns the new version of the instance. Raises Stale."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_APPLY, [json.dumps(written), expected_version])
            return int(cursor.fetchone()[0])
    except DatabaseError as error:
        if is_stale(error):
            raise stale(UUID(written["instance"])) from error
        raise


def place(instance: UUID, standing: Standing) -> None:
    """Say that the subject stands elsewhere now, or that others take part. Within an action of the subject's owner."""
    with connection.cursor() as cursor:
        since = id_at(moment_of(instance) - SKEW)
        cursor.execute(_PLACE, [json.dumps(standing_json(standing)), instance, since])


def _planned(version: UUID, state: State | None, event: Event, at: datetime) -> Plan:
    try:
        return decisions.plan(versions.compiled_of(version), state, event, now=at)
    except StepRefused as refused:
        raise refusal(refused) from refused


def refusal(refused: StepRefused) -> Conflict:
    """What a process refuses, in words of the edge."""
    sentence, remedy, params = wording.of_step(refused)
    where = refused.element or refused.token
    return Conflict(f"process_{refused.code}", sentence, where=where, remedy=remedy, params=params)


def _outcome(by: By, instance: InstanceView, plan: Plan, event: Event, at: datetime) -> Outcome[InstanceView]:
    tie = registration.subject_kind(instance.subject_kind)

    def write(remembered: Remembered) -> InstanceView:
        written = plan_json(
            plan,
            instance=instance,
            by=by,
            event=event,
            at=at,
            items=lambda task: tie.item(instance, task),
            due=lambda timer: tie.due(instance, timer),
            remembered=remembered,
        )
        if instance.version == 0:
            written["new"] = new_json(instance)
        version = apply(written, instance.version)
        if instance.version == 0:  # whoever begins one need not see it
            return instance_view(registry.scope_of(by), instance.id)
        ended = None if plan.status is ProcessStatus.RUNNING else at
        return replace(instance, state=plan.state, version=version, status=plan.status.value, ended_at=ended)

    return Outcome(
        subject=Subject(SUBJECT, instance.id, f"{instance.key} {instance.number}"),
        facts={
            "event": type(event).__name__,
            "at": getattr(event, "token", ""),
            "version": instance.version + 1,
            "status": plan.status.value,
            "stands": sorted({one.element for one in plan.state.tokens}),
        },
        events=(
            ProcessMoved(
                instance=instance.id,
                version=instance.version + 1,
                subject_kind=instance.subject_kind,
                subject=instance.subject_id,
                status=plan.status.value,
            ),
            *(ProcessMessageSent.of(instance.id, sent) for sent in plan.messages_sent),
        ),
        write=write,
    )
