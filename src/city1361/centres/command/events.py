"""What command tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.outbox.api import Event
from city1361.centres.command.terms import CallState, CallStep, TaskState, TaskStep


@dataclass(frozen=True, slots=True)
class CallChanged(Event):
    """A step was taken on a call. It names organisations, no person."""

    name = "command.call_changed"
    call: UUID
    number: str
    organisation: UUID
    step: CallStep
    state: CallState
    matter: UUID | None
    areas: tuple[UUID, ...]

    def topics(self) -> tuple[str, ...]:
        return tuple(f"area:{area}" for area in self.areas)


@dataclass(frozen=True, slots=True)
class TaskChanged(Event):
    """A step was taken on an assisting task."""

    name = "command.task_changed"
    task: UUID
    number: str
    organisation: UUID
    step: TaskStep
    state: TaskState
    matter: UUID
    areas: tuple[UUID, ...]

    def topics(self) -> tuple[str, ...]:
        return tuple(f"area:{area}" for area in self.areas)
