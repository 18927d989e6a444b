"""What is asked at which door, and what may enter a grid. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.grassroots.grids.answers import Asked, Stop
from city1361.grassroots.grids.terms import GridTaskState


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """An open entry with the place it is about."""

    asked: Asked
    grid: UUID
    household: UUID | None
    number: int
    address: str
    micro_grid: str


def stops(entries: Iterable[OpenEntry]) -> list[Stop]:
    """Merge by household, the most pressing first; what is asked of a whole grid makes one stop of that grid."""
    gathered: dict[tuple[UUID, UUID | None], list[OpenEntry]] = {}
    for entry in entries:
        gathered.setdefault((entry.grid, entry.household), []).append(entry)
    made = [_stop(together) for together in gathered.values()]
    return sorted(made, key=lambda stop: (stop.due_at, stop.micro_grid, stop.number, str(stop.household)))


def _stop(entries: Sequence[OpenEntry]) -> Stop:
    first = entries[0]
    asked = sorted((entry.asked for entry in entries), key=lambda one: (one.due_at, one.title))
    return Stop(first.household, first.grid, first.number, first.address, first.micro_grid, tuple(asked))


def first_state(*, listed: bool) -> GridTaskState:
    """An item of the list enters; anything else waits for the commander."""
    return GridTaskState.RUNNING if listed else GridTaskState.REQUESTED


def in_time(due_at: datetime, now: datetime) -> bool:
    return due_at > now
