"""Values of the log. Sizes and places count entries; a place (`seq`) starts at 0."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.database.api import Spot
from city1361.base.kernel.by import Subject

ERASE = "evidence.erase_personal"
"""The action of the entry that an erasure leaves; its facts name the erased entries and the reason."""


def purpose(entry_id: UUID) -> str:
    """What the seal of an entry's personal part is bound to: moved to another row it does not open."""
    return f"base_evidence_personal.sealed {entry_id}"


def purposes(spot: Spot) -> list[str]:
    """What the personal part of an entry is bound to, for sealing it anew."""
    return [purpose(UUID(spot.row))] if (spot.table, spot.column) == ("base_evidence_personal", "sealed") else []


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was recorded. `seq` is None while it has no place in the tree."""

    id: UUID
    at: datetime
    action: str
    by: dict[str, Any]
    subject: dict[str, Any]
    facts: dict[str, Any]
    seq: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands. size: entries under the newest head. lag: seconds the oldest of the `waiting` has waited."""

    size: int
    head_at: datetime | None
    waiting: int
    lag: float


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry ready to be inserted. `salt` and `sealed` are its personal part, if it has one."""

    id: UUID
    at: datetime
    action: str
    subject: Subject
    canon: bytes
    salt: bytes | None = None
    sealed: bytes | None = None

    def as_json(self) -> dict[str, Any]:
        """One element of what the SQL function evidence_insert takes."""
        written: dict[str, Any] = {
            "id": str(self.id),
            "at": self.at.isoformat(),
            "action": self.action,
            "subject_kind": self.subject.kind,
            "subject_id": str(self.subject.id),
            "canon": self.canon.decode(),
        }
        if self.salt is not None and self.sealed is not None:
            written |= {"salt": self.salt.hex(), "sealed": self.sealed.hex()}
        return written
