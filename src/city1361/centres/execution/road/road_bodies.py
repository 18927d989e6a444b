"""What the steps of the road take and answer with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from city1361.base.action.api import StrictSchema
from city1361.centres.execution.steps.step_bodies import Remark, RemarkIn
from city1361.centres.execution.terms import ApprovalState, ExclusionKind, HandOverKind


class RouteIn(RemarkIn):
    """横向分拨: the handling post of this level."""

    handler_post: UUID


class AssignIn(RemarkIn):
    """纵向交办: the centre below. lead_post: the department that leads where the town only assists."""

    lower_centre: UUID
    lead_post: UUID | None = None


class ReasonIn(StrictSchema):
    """Why."""

    text: Remark


class RulingIn(ReasonIn):
    """提请指定管辖: why. source_area: the town it comes from, when it happened elsewhere."""

    source_area: UUID | None = None


class DesignateIn(ReasonIn):
    """指定管辖: who, on which basis, why."""

    party: str = Field(max_length=60)
    clause: str = Field("", max_length=500)


class OwnPostIn(RemarkIn):
    """Another post of the same organisation."""

    own_post: UUID


class CopyIn(RemarkIn):
    """知会: who shall know."""

    organisation: UUID


class ShelveIn(ReasonIn):
    """申请挂账: who owns it, when it is looked at again."""

    owner: UUID
    review_on: date


class ReviewIn(ReasonIn):
    """复核挂账: what was found, when it is looked at again."""

    review_on: date


class ExtendIn(ReasonIn):
    """申请延期: how much more."""

    amount: int = Field(ge=1, le=60)
    unit: Literal["natural_hour", "working_hour", "working_day"]


class VerifyIn(RemarkIn):
    """核实: what was found, with photos."""

    photos: list[UUID] = Field(default_factory=list)


class StepChoiceOut(Schema):
    """One of the things a field of a step may be."""

    code: str
    label: str


class HandOverOut(Schema):
    """A matter changed hands, with its receipt."""

    kind: HandOverKind
    given_by: str
    given_to: str
    who: str
    at: datetime
    due_at: datetime | None
    reason: str
    acknowledged_at: datetime | None
    presumed: bool
    ended_at: datetime | None
    ended_by: str


class ApprovalOut(Schema):
    """What was asked for, and what became of it."""

    kind: ExclusionKind
    state: ApprovalState
    reason: str
    asked: dict[str, Any]
    asked_who: str
    asked_at: datetime
    decided_who: str
    decided_at: datetime | None
    decision: str


class ExclusionOut(Schema):
    """A line of the list of exclusions."""

    matter_id: UUID
    number: str
    kind: ExclusionKind
    since: datetime
    until: datetime | None
    reason: str
    minutes: int
    total_due_before: datetime
    total_due_after: datetime | None
    stage_due_before: datetime | None
    stage_due_after: datetime | None
    review_on: date | None


class RulingOut(Schema):
    """A precedent."""

    number: str
    centre: str
    parties: list[str]
    organisation: str
    organisation_id: UUID
    post: UUID | None
    clause: str
    reason: str
    ruled_at: datetime
    same_town: bool


class ShelvedOut(Schema):
    """A matter of the library of shelved matters."""

    id: UUID
    number: str
    title: str
    owner: str
    review_on: date
    since: datetime
    overdue: bool
