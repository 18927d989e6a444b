"""What execution tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.outbox.api import Event
from city1361.centres.execution.terms import MatterState, Step

WHOLE_CITY = "area:city"  # the topic of those who see every matter


@dataclass(frozen=True, slots=True)
class MatterChanged(Event):
    """A step was taken. It names no person; who may know more asks for the matter."""

    name = "execution.matter_changed"
    matter: UUID
    number: str
    version: int
    step: Step
    state: MatterState
    district: UUID
    town: UUID

    def topics(self) -> tuple[str, ...]:
        return (f"matter:{self.matter}", f"area:{self.town}", f"area:{self.district}", WHOLE_CITY)
