"""What supervision tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.outbox.api import Event


@dataclass(frozen=True, slots=True)
class Supervised(Event):
    """Something was issued, answered, lifted or signed off. It names organisations, no person."""

    name = "supervision.supervised"
    what: str
    number: str
    step: str
    issuer: UUID
    target: UUID
    matter: UUID | None
    areas: tuple[UUID, ...]

    def topics(self) -> tuple[str, ...]:
        return tuple(f"area:{area}" for area in self.areas)


@dataclass(frozen=True, slots=True)
class Visited(Event):
    """The reporter of a closed matter was asked."""

    name = "supervision.visited"
    visit: UUID
    matter: UUID
    reached: bool
    solved: bool | None
    areas: tuple[UUID, ...]

    def topics(self) -> tuple[str, ...]:
        return tuple(f"area:{area}" for area in self.areas)
