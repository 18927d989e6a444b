"""What other modules may hear of processes and work items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from city1361.base.outbox.api import Event
from city1361.platform.components.processes.terms import MessageSent


@dataclass(frozen=True, slots=True)
class ProcessMoved(Event):
    """An instance took a step."""

    name: ClassVar[str] = "processes.process_moved"
    instance: UUID
    version: int
    subject_kind: str
    subject: UUID
    status: str

    def topics(self) -> tuple[str, ...]:
        return (f"process:{self.instance}",)


@dataclass(frozen=True, slots=True)
class ProcessMessageSent(Event):
    """A process sent a message: to whoever waits for it."""

    name: ClassVar[str] = "processes.message_sent"
    instance: UUID
    message: str
    correlation: str
    variables: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, instance: UUID, sent: MessageSent) -> ProcessMessageSent:
        return cls(instance=instance, message=sent.name, correlation=sent.correlation, variables=dict(sent.variables))


@dataclass(frozen=True, slots=True)
class WorkItemChanged(Event):
    """A work item was opened, claimed, released, done or withdrawn."""

    name: ClassVar[str] = "processes.work_item_changed"
    item: UUID
    kind: str
    state: str
    organisation: UUID
    source: str = ""

    def topics(self) -> tuple[str, ...]:
        return (f"inbox:{self.organisation}",)


@dataclass(frozen=True, slots=True)
class ProcessPublished(Event):
    """A new version of a process stands."""

    name: ClassVar[str] = "processes.process_published"
    key: str
    number: int
