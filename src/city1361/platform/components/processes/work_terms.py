"""The words of what waits for somebody: work items, their kinds, their boxes; and of instances as others see them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from city1361.base.kernel.by import By
from city1361.platform.components.processes.terms import Event, OpenedTask, State, TimerSet


class Permission(StrEnum):
    """What may be done with processes and work items."""

    VIEW_PROCESS = "processes.view_process"
    PUBLISH_PROCESS = "processes.publish_process"
    MIGRATE_PROCESS = "processes.migrate_process"
    RUN_PROCESS = "processes.run_process"
    TAKE_WORK_ITEM = "processes.take_work_item"
    WATCH_WORK_ITEM = "processes.watch_work_item"
    PUSH_WORK_ITEM = "processes.push_work_item"
    REGISTER_WORK_ITEM_KIND = "processes.register_work_item_kind"


class WorkItemState(StrEnum):
    """How a work item stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Box(StrEnum):
    """The lists of work items: what waits for me, what I took, what I did, what I watch, what is open in my area."""

    TODO = "todo"
    CLAIMED = "claimed"
    DONE = "done"
    WATCHED = "watched"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work item. `label` is a Chinese msgid. bulk: several may be done at once, because it is harmless.

    `source` is empty for a module of this system, else the code of the application that alone may push it; `prefix` is
    what the addresses of that application begin with.
    """

    code: str
    label: str
    bulk: bool = False
    source: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose turn it is: an organisation, there a post (its code), or one account. `area`: only who serves it."""

    organisation: UUID
    post: str = ""
    account: UUID | None = None
    area: UUID | None = None


@dataclass(frozen=True, slots=True)
class AreaColumns:
    """Where something stands in the area tree, from the city down."""

    city: UUID
    district: UUID | None = None
    town: UUID | None = None
    village: UUID | None = None
    grid: UUID | None = None

    def as_json(self) -> dict[str, str | None]:
        levels = ("city", "district", "town", "village", "grid")
        return {f"{level}_id": _text(getattr(self, level)) for level in levels}


@dataclass(frozen=True, slots=True)
class WorkItemNew:
    """A work item to be opened. amber_at: when it begins to press; `address`: the page where it is done."""

    kind: str
    title: str
    holder: Holder
    area: AreaColumns
    subject_kind: str = ""
    subject_id: UUID | None = None
    address: str = ""
    due_at: datetime | None = None
    amber_at: datetime | None = None
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose an instance is, for row security: the same shape as the matter."""

    area: AreaColumns
    organisations: tuple[UUID, ...] = ()
    reporter_account: UUID | None = None


@dataclass(frozen=True, slots=True)
class InstanceView:
    """A running or ended instance. `version` counts its steps, `number` is the version of its definition."""

    id: UUID
    key: str
    version_id: UUID
    number: int
    subject_kind: str
    subject_id: UUID
    state: State
    version: int
    status: str
    standing: Standing
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """What the instances of one kind of subject are tied to, registered by the module that owns the subject.

    item(instance, task): the work item of an opened task, None when it needs none. due(instance, timer): when a timer
    without a moment of its own fires. advance(by, instance, event): takes an event that comes by itself (a timer, a
    service, a message) where the subject changes with the process; without it the process alone moves. page(subject):
    words and address of the page where the subject itself is looked at. over: a SQL condition on an instance `i`, true when
    nothing has happened to its subject since `{before}` and nothing will, though the process still waits (see base.archive).
    """

    code: str
    item: Callable[[InstanceView, OpenedTask], WorkItemNew | None] = lambda instance, task: None
    due: Callable[[InstanceView, TimerSet], datetime | None] = lambda instance, timer: None
    advance: Callable[[By, InstanceView, Event], object] | None = None
    page: Callable[[UUID], tuple[str, str]] | None = None
    over: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A component function that service tasks call by name: `function(arguments, key)` gives the result.

    It runs at least once; `key` is the same each time. Raise ServiceRefused to end the task with a declared error.
    """

    name: str
    function: Callable[[dict[str, Any], str], dict[str, Any]]
    reads: dict[str, str] = field(default_factory=dict)
    gives: dict[str, str] = field(default_factory=dict)


class ServiceRefused(Exception):
    """A service cannot do it and never will: the declared error `code` of the process."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
