"""What the API takes and answers with. Labels are not sent: clients have their own words for the codes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from city1361.base.action.api import StrictSchema
from city1361.centres.command.api import Choice, LimitView
from city1361.centres.supervision.terms import (
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    Satisfied,
    SheetState,
    SheetStep,
    VisitCounted,
)

Words = Annotated[str, Field(max_length=2000)]
Reason = Annotated[str, Field(max_length=500)]


class NoticeOut(Schema):
    """A reminder, an urge or a card."""

    id: UUID
    number: str
    matter: UUID
    matter_number: str
    title: str
    rung: Ladder
    card: Card | None
    state: NoticeState
    target: Choice
    issuer: Choice
    who: str
    at: datetime
    reason: str
    follows: UUID | None
    limit: LimitView
    answer: str
    answered_who: str
    answered_at: datetime | None
    ended_words: str
    ended_who: str
    ended_at: datetime | None
    steps: tuple[NoticeStep, ...]


class SheetOut(Schema):
    """A 督办单."""

    id: UUID
    number: str
    instruction: UUID
    instruction_number: str
    matter: UUID | None
    title: str
    text: str
    issuer: Choice
    who: str
    at: datetime
    target: Choice
    state: SheetState
    limit: LimitView
    feedback: str
    feedback_who: str
    feedback_at: datetime | None
    returned_count: int
    returned_words: str
    signed_who: str
    signed_words: str
    signed_at: datetime | None
    steps: tuple[SheetStep, ...]


class InstructionOut(Schema):
    """批示 with its sheets."""

    id: UUID
    number: str
    matter: UUID | None
    title: str
    text: str
    issuer: Choice
    who: str
    at: datetime
    sheets: list[SheetOut]


class VisitOut(Schema):
    """A return visit."""

    id: UUID
    matter: UUID
    matter_number: str
    title: str
    closed_at: datetime
    handler_name: str
    self_closed: bool
    visitor_name: str
    who: str
    at: datetime
    reached: bool
    contacted: bool | None
    solved: bool | None
    satisfied: Satisfied | None
    words: str
    unreasonable: bool
    unreasonable_reason: str
    judged_who: str
    judged_at: datetime | None
    reopened: bool
    may_judge: bool


class ToVisitOut(Schema):
    """A closed matter to visit."""

    matter: UUID
    number: str
    title: str
    closed_at: datetime
    handler_name: str
    self_closed: bool
    tries: int


class VisitRowOut(Schema):
    """A visit behind a count."""

    id: UUID
    matter: UUID
    number: str
    title: str
    handler_name: str
    closed_at: datetime
    contacted: bool
    solved: bool
    satisfied: Satisfied
    unreasonable: bool
    why: str


class NoticeIn(StrictSchema):
    """提醒 or 催办 of an organisation that takes part in a matter."""

    matter_id: UUID
    target: UUID
    rung: Literal["remind", "urge"]
    reason: Reason


class CardIn(StrictSchema):
    """黄牌 or 红牌督办."""

    matter_id: UUID
    target: UUID
    card: Card
    reason: Reason


class EscalateIn(StrictSchema):
    """提级督办."""

    matter_id: UUID
    target: UUID
    reason: Reason


class TextIn(StrictSchema):
    """What is said."""

    text: Words = ""


class InstructionIn(StrictSchema):
    """批示 to organisations. Amount and unit: another limit than that of the rules."""

    targets: list[UUID] = Field(max_length=50)
    text: Words
    title: str = Field("", max_length=60)
    matter_id: UUID | None = None
    amount: int | None = Field(None, ge=1, le=1000)
    unit: str = Field("", max_length=16)


class VisitIn(StrictSchema):
    """What a return visit brought. Whoever was reached has said three things."""

    matter_id: UUID
    reached: bool
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: Satisfied | None = None
    words: Reason = ""


class PeriodIn(StrictSchema):
    """A month, as 2026-11; this one when nothing is said."""

    period: str = Field("", max_length=7)


class CountedIn(StrictSchema):
    """Which visits: the count, the day, week or month the matter was closed in, an area; `after` is the last id seen."""

    counted: VisitCounted = VisitCounted.VISITED
    period: str = Field("", max_length=10)
    area: UUID | None = None
    after: UUID | None = None
