"""Words of the outbox: an event, when and by whom it happened, and what became of its deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from city1361.base.kernel.archivable import Archivable
from city1361.base.kernel.by import By

LIVE_CHANNEL = "city1361_live"
ENDING = "ended:"
"""Begins the topic on which streams of an account are ended; a ticket made for the account holds it."""


# What was handed on to everybody: the month of an event is that of its deliveries.
ARCHIVABLE = (
    Archivable(
        "base_outbox_event",
        """t.occurred_at < {before} AND NOT EXISTS (SELECT 1 FROM base_outbox_pending p WHERE p.event_id = t.id)
           AND NOT EXISTS (SELECT 1 FROM base_outbox_delivery d WHERE d.event_id = t.id AND d.state <> 'done')""",
    ),
    Archivable("base_outbox_delivery", "t.state = 'done' AND t.due_at < {before}", key="event_id"),
)


class DeliveryState(StrEnum):
    """What became of handing one event to one reaction."""

    DUE = "due"
    DONE = "done"
    DEAD = "dead"


class Event:
    """Something that has happened. Subclass it as a frozen dataclass and give it a `name`:

        @dataclass(frozen=True, slots=True)
        class MatterChanged(Event):
            name = "execution.matter_changed"
            matter: UUID
            version: int

    Fields are what JSON and pydantic can carry (UUID, datetime, str, int, enums, tuples, dicts). They hold ids and
    codes, never personal data: events are kept as they are. A field may be added with a default; none may be
    renamed, or events still waiting could not be read. A field called `version` is told to live streams.
    """

    __slots__ = ()
    name: ClassVar[str] = ""
    kinds: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        if not cls.name:
            raise TypeError(f"{cls.__qualname__} needs a name, such as 'execution.matter_changed'")
        other = Event.kinds.get(cls.name)
        # `slots=True` makes the class a second time: that is the same event.
        if other is not None and (other.__module__, other.__name__) != (cls.__module__, cls.__name__):
            raise TypeError(f"two events are called {cls.name!r}: {other.__qualname__} and {cls.__qualname__}")
        Event.kinds[cls.name] = cls

    def topics(self) -> tuple[str, ...]:
        """The live topics this event touches, each `kind:id`; none means nobody is told live."""
        return ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The circumstances of an event, handed to each reaction beside the event itself.

    id: of the event; a reaction with effects outside the data base uses it as its idempotency key.
    """

    id: UUID
    occurred_at: datetime
    by: By


@dataclass(frozen=True, slots=True)
class Drained:
    """What one round of the drainer did: events handed on, reactions run, and how many of those failed."""

    events: int = 0
    reactions: int = 0
    failed: int = 0

    @property
    def idle(self) -> bool:
        return not (self.events or self.reactions)


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs of one queue whose time has come, those that failed every attempt, and the age of the oldest in seconds."""

    name: str
    waiting: int
    failed: int
    lag: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far behind the outbox is. `oldest` is the moment of the oldest event nobody has taken up yet."""

    pending: int
    due: int
    dead: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """A reaction given up on: it failed every attempt and waits for a person."""

    event: UUID
    name: str
    reaction: str
    attempts: int
    last_error: str
