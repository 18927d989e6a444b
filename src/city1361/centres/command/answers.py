"""What the module answers with: frozen values, ready to be shown. Labels are zh-Hans msgids, names are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.ui.api import Clock
from city1361.centres.command.decisions import Verb
from city1361.centres.command.terms import CallState, Grade, TaskState


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation that can be called or given a task."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LimitView:
    """A limit: amount, unit and end. example: nobody has confirmed it. fallback: the end may still move."""

    amount: int
    unit: str
    due_at: datetime
    amber_at: datetime
    example: bool
    fallback: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of what was done. who: a title, never a name."""

    step: Verb
    at: datetime
    organisation: str
    who: str
    on_behalf_of: str
    text: str


@dataclass(frozen=True, slots=True)
class CallView:
    """A call to one organisation. strip: whether 已送达, 已读, 已报到, 已到场 are reached. steps: what may be done by the
    one who asks. clock: of the answer, or None when it was given."""

    id: UUID
    whistle: UUID
    number: str
    title: str
    demand: str
    matter: UUID | None
    caller: Choice
    centre: Choice | None
    organisation: Choice
    state: CallState
    strip: tuple[bool, ...]
    limit: LimitView
    clock: Clock | None
    at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    responder: str
    arrive_by: datetime | None
    reason: str
    clause: str
    lapsed_at: datetime | None
    ordered_at: datetime | None
    arrived_at: datetime | None
    result: str
    ended_at: datetime | None
    help_grade: Grade | None
    help_words: str
    whistle_grade: Grade | None
    whistle_words: str
    steps: tuple[Verb, ...]
    entries: tuple[EntryView, ...] = ()


@dataclass(frozen=True, slots=True)
class WhistleView:
    """A whistle with its calls."""

    id: UUID
    number: str
    matter: UUID | None
    title: str
    demand: str
    caller: Choice
    centre: Choice | None
    who: str
    at: datetime
    calls: tuple[CallView, ...]

    @property
    def is_open(self) -> bool:
        return any(call.state.is_open for call in self.calls)


@dataclass(frozen=True, slots=True)
class TaskView:
    """An assisting task. steps: what may be done by the one who asks."""

    id: UUID
    number: str
    matter: UUID
    matter_number: str
    title: str
    demand: str
    giver: Choice
    organisation: Choice
    post: str
    who: str
    at: datetime
    state: TaskState
    origin: UUID | None
    acknowledge_due_at: datetime
    acknowledged_at: datetime | None
    presumed: bool
    limit: LimitView
    clock: Clock | None
    result: str
    ended_at: datetime | None
    rework_count: int
    informed: tuple[Choice, ...]
    steps: tuple[Verb, ...]
    entries: tuple[EntryView, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxView:
    """A page of calls and tasks, newest first; the cursors lead to the next page, None when there is none."""

    calls: tuple[CallView, ...]
    tasks: tuple[TaskView, ...]
    next_calls: str | None = None
    next_tasks: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many calls and tasks wait for my organisation, how many of those are over their limit, how many it sent."""

    waiting: int
    overdue: int
    sent: int
