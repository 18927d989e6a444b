"""What situation tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.outbox.api import Event


@dataclass(frozen=True, slots=True)
class CountersDiffer(Event):
    """A check found counts that are not what a recount gives."""

    name = "situation.counters_differ"
    check: UUID
    differing: int
