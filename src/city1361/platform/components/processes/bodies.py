"""What /api/v1/work-items takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from city1361.base.action.api import StrictSchema
from city1361.platform.components.processes.work_terms import WorkItemState


class WorkItemIn(StrictSchema):
    """A work item of an application's own kind. `key` is what the application calls it."""

    kind: Annotated[str, Field(min_length=1, max_length=60)]
    key: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._:/-]+$")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    address: Annotated[str, Field(max_length=500)] = ""
    area: Annotated[str, Field(max_length=40, description="code of the area it is about")]
    organisation: Annotated[str, Field(max_length=120, description="code of the organisation whose turn it is")]
    post: Annotated[str, Field(max_length=64, description="code of a post of that organisation; empty: any")] = ""
    due_at: AwareDatetime | None = None
    amber_at: AwareDatetime | None = None


class WorkItemOut(Schema):
    """A work item as the application that pushed it sees it."""

    id: UUID
    kind: str
    source_key: str
    title: str
    address: str
    state: WorkItemState
    opened_at: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    done_at: datetime | None
    version: int


class WorkItemsOut(Schema):
    """A page, the newest first; `next_cursor` is empty at the end."""

    items: list[WorkItemOut]
    next_cursor: str


class EndIn(StrictSchema):
    """How it ended: taken back, or done in the application."""

    done: bool = False
