"""What comes in and goes out under /api/v1/rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from city1361.base.action.api import StrictSchema


class LibraryAsk(StrictSchema):
    """area: a district sees its own tightening. on: a day; today when it is not given."""

    on: date | None = None
    area: UUID | None = None
    q: str = Field(default="", max_length=60)
    level: Literal["", "grid", "village", "town", "district", "city"] = ""


class DutyAsk(StrictSchema):
    """town: the code of a town; empty for what holds in every town."""

    on: date | None = None
    town: str = Field(default="", pattern=r"^([0-9]{9})?$")


class DayAsk(StrictSchema):
    """A day; today when it is not given."""

    on: date | None = None


class StateAsk(StrictSchema):
    """Proposals in a state; all when it is empty."""

    state: Literal["", "proposed", "approved", "rejected", "withdrawn"] = ""


class ChangeIn(StrictSchema):
    """An entry as it should be; `value` null ends it."""

    section: Literal["limits", "classifications", "duties", "parameters"]
    key: str = Field(min_length=1, max_length=120)
    value: dict[str, Any] | None


class ProposalIn(StrictSchema):
    """A change to propose. area: the id of a district that tightens; the city's own rules without it."""

    title: str = Field(min_length=1, max_length=120)
    reason: str = Field(min_length=1, max_length=600)
    starts_on: date
    area: UUID | None = None
    changes: list[ChangeIn] = Field(min_length=1, max_length=500)


class ProposalReasonIn(StrictSchema):
    """Why."""

    reason: str = Field(default="", max_length=600)


class LibraryOut(Schema):
    """The library of a day: the general limits and the classified types."""

    edition: UUID
    on: date
    example: bool
    limits: list[dict[str, Any]]
    types: list[dict[str, Any]]


class EditionOut(Schema):
    """An edition without what it says."""

    id: UUID
    number: int
    area_id: UUID | None
    valid_from: date
    digest: str
    reason: str
    published_at: datetime
    published_by: str


class ProposalOut(Schema):
    """A proposal."""

    id: UUID
    area_id: UUID | None
    state: str
    title: str
    reason: str
    starts_on: date
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    decision: str


class ProposalDetailOut(ProposalOut):
    """A proposal with what it changes and what it would have meant last month."""

    changes: list[dict[str, str]]
    preview: dict[str, Any] | None
