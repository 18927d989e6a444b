"""What the SQL function processes_apply takes: a plan, and whose work it opens, as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from city1361.base.action.api import Remembered
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.ids import id_at, moment_of, new_id
from city1361.platform.components.processes.terms import (
    ErrorRaised,
    Event,
    OpenedTask,
    Passage,
    Plan,
    ServiceDone,
    ServiceFailed,
    TimerFired,
    TimerSet,
)
from city1361.platform.components.processes.work_terms import InstanceView, Standing, WorkItemNew

Items = Callable[[OpenedTask], WorkItemNew | None]
Due = Callable[[TimerSet], datetime | None]
SKEW = timedelta(days=1)  # clocks of several machines differ by less


def plan_json(
    plan: Plan,
    *,
    instance: InstanceView,
    by: By,
    event: Event,
    at: datetime,
    items: Items,
    due: Due,
    standing: Standing | None = None,
    remembered: Remembered | None = None,
) -> dict[str, Any]:
    """The first argument of processes_apply; the second is `instance.version`, 0 for one that begins.

    items(task): the work item of an opened task, or None. due(timer): the moment of a timer that has none of its own.
    standing: where the subject stands from now on, if that has changed. remembered: evidence and events, unless an
    outer SQL function inserts them.
    """
    written: dict[str, Any] = {
        "instance": str(instance.id),
        "since": str(id_at(moment_of(instance.id) - SKEW)),
        "at": at.isoformat(),
        "state": plan.state.to_json(),
        "status": plan.status.value,
        "by": {"account": None if by.account is None else str(by.account), "who": by.label[:80]},
        "opened": [
            {"token": task.token, **item_json(item)} for task in plan.opened if (item := items(task)) is not None
        ],
        "closed": [{"token": task.token, "how": task.how.value} for task in plan.closed],
        "timers_set": [_timer(timer, due) for timer in plan.timers_set],
        "timers_cancelled": _with(plan.timers_cancelled, event, TimerFired),
        "awaited": [
            {"token": one.token, "name": one.name, "correlation": one.correlation} for one in plan.messages_awaited
        ],
        "forgotten": list(plan.messages_forgotten),
        "services": [{"token": one.token, "name": one.name, "arguments": dict(one.arguments)} for one in plan.services],
        "answered": _with(plan.services_cancelled, event, ServiceDone, ServiceFailed, ErrorRaised),
        "passages": [_passage(one) for one in plan.passages],
        "standing": standing_json(standing) if standing else None,
        **(remembered.as_json() if remembered else {}),
    }
    return {name: part for name, part in written.items() if part or name in ("state", "by")}


def new_json(instance: InstanceView) -> dict[str, Any]:
    """The part `new` of a plan that begins an instance."""
    return {
        "process_version_id": str(instance.version_id),
        "subject_kind": instance.subject_kind,
        "subject_id": str(instance.subject_id),
        **standing_json(instance.standing),
    }


def standing_json(standing: Standing) -> dict[str, Any]:
    return {
        **standing.area.as_json(),
        "organisations": [str(one) for one in standing.organisations],
        "reporter_account": _text(standing.reporter_account),
    }


def item_json(item: WorkItemNew, *, id: UUID | None = None) -> dict[str, Any]:
    """One element of what work_items_insert takes."""
    return {
        "id": str(id or new_id()),
        "kind": item.kind,
        "title": item.title[:200],
        "subject_kind": item.subject_kind,
        "subject_id": _text(item.subject_id),
        "address": item.address,
        "organisation": str(item.holder.organisation),
        "post": item.holder.post,
        "account": _text(item.holder.account),
        "holder_area": _text(item.holder.area),
        "shift": item.shift,
        **item.area.as_json(),
        "due_at": _moment(item.due_at),
        "amber_at": _moment(item.amber_at),
    }


def _passage(one: Passage) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "element": one.element,
        "what": one.what.value,
        "at": one.at.isoformat(),
        "token": one.token,
        "flow": one.flow,
        "process": one.process,
    }


def _timer(timer: TimerSet, due: Due) -> dict[str, Any]:
    at = timer.due or due(timer)
    if at is None:
        raise Invalid(
            "timer_without_limit",
            "环节“{element}”的定时器没有时限",
            where=timer.element,
            remedy="请在规则中为“{limit}”规定时限",
            params={"element": timer.element, "limit": timer.limit},
        )
    return {"token": timer.token, "element": timer.element, "due_at": at.isoformat()}


def _with(tokens: tuple[str, ...], event: Event, *kinds: type[Any]) -> list[str]:
    """What the event itself has used up goes too."""
    return [*tokens, *([event.token] if isinstance(event, kinds) else [])]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
