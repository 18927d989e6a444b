"""What somebody may see: who × organisation × area. Deny by default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Level(StrEnum):
    """Levels of the one area tree, from the city down."""

    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"
    GRID = "grid"


@dataclass(frozen=True, slots=True, order=True)
class AreaRef:
    """An area by level and id, without its name."""

    level: Level
    id: UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows somebody may see: those of `areas` (and below), of `organisations`, or reported by `account`.

    `unlimited` is for the system's own jobs and commands only; no person ever has it.
    """

    account: UUID | None = None
    organisations: frozenset[UUID] = frozenset()
    areas: frozenset[AreaRef] = frozenset()
    permissions: frozenset[str] = frozenset()
    expires: datetime | None = None
    unlimited: bool = False

    @classmethod
    def nothing(cls) -> Scope:
        """The scope of a stranger."""
        return cls()

    @classmethod
    def everything(cls) -> Scope:
        """The scope of the system's own jobs and commands."""
        return cls(unlimited=True)

    def allows(self, permission: str) -> bool:
        return self.unlimited or permission in self.permissions
