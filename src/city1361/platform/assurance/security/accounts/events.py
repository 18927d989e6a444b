"""What accounts tell the others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from city1361.base.outbox.api import ENDING, Event


@dataclass(frozen=True, slots=True)
class SessionsEnded(Event):
    """The sessions of an account were ended; so are its live streams."""

    name = "accounts.sessions_ended"
    account: UUID

    def topics(self) -> tuple[str, ...]:
        return (f"{ENDING}{self.account}",)
