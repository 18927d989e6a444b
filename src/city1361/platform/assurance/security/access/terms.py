"""The words of access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from city1361.base.kernel.scope import AreaRef


class Permission(StrEnum):
    """What may be done with the credentials of other applications."""

    MANAGE_APPLICATION = "access.manage_application"


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """Another application that may use the API: for whom, where, and what."""

    id: UUID
    code: str
    name: str
    organisation: UUID
    area: AreaRef
    permissions: frozenset[str]
    ended_at: datetime | None
