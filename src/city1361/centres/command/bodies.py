"""What the API takes and answers with. Labels are not sent: clients have their own words for the codes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from city1361.base.action.api import StrictSchema
from city1361.centres.command.terms import Box, CallState, CallStep, Grade, TaskState, TaskStep

Words = Annotated[str, Field(max_length=2000)]


class ChoiceOut(Schema):
    """An organisation."""

    id: UUID
    name: str


class LimitOut(Schema):
    """A limit and its end. example: nobody has confirmed it; fallback: the end may still move."""

    amount: int
    unit: str
    due_at: datetime
    amber_at: datetime
    example: bool
    fallback: bool


class EntryOut(Schema):
    """A line of what was done."""

    step: str
    at: datetime
    organisation: str
    who: str
    on_behalf_of: str
    text: str


class CallOut(Schema):
    """A call to one organisation. strip: delivered, read, accepted, arrived. steps: what the caller of this may do."""

    id: UUID
    whistle: UUID
    number: str
    title: str
    demand: str
    matter: UUID | None
    caller: ChoiceOut
    centre: ChoiceOut | None
    organisation: ChoiceOut
    state: CallState
    strip: tuple[bool, ...]
    limit: LimitOut
    at: datetime
    read_at: datetime | None
    answered_at: datetime | None
    responder: str
    arrive_by: datetime | None
    reason: str
    clause: str
    lapsed_at: datetime | None
    ordered_at: datetime | None
    arrived_at: datetime | None
    result: str
    ended_at: datetime | None
    help_grade: Grade | None
    help_words: str
    whistle_grade: Grade | None
    whistle_words: str
    steps: tuple[CallStep, ...]
    entries: list[EntryOut]


class WhistleOut(Schema):
    """A whistle with its calls."""

    id: UUID
    number: str
    matter: UUID | None
    title: str
    demand: str
    caller: ChoiceOut
    centre: ChoiceOut | None
    who: str
    at: datetime
    calls: list[CallOut]


class TaskOut(Schema):
    """An assisting task."""

    id: UUID
    number: str
    matter: UUID
    matter_number: str
    title: str
    demand: str
    giver: ChoiceOut
    organisation: ChoiceOut
    post: str
    who: str
    at: datetime
    state: TaskState
    origin: UUID | None
    acknowledge_due_at: datetime
    acknowledged_at: datetime | None
    presumed: bool
    limit: LimitOut
    result: str
    ended_at: datetime | None
    rework_count: int
    informed: list[ChoiceOut]
    steps: tuple[TaskStep, ...]
    entries: list[EntryOut]


class CallPageOut(Schema):
    """Calls, newest first; pass `next_cursor` as `cursor` for more."""

    rows: list[CallOut]
    next_cursor: str | None


class TaskPageOut(Schema):
    """Tasks, newest first."""

    rows: list[TaskOut]
    next_cursor: str | None


class BoxIn(StrictSchema):
    """Which ones: waiting for my organisation, sent by it, ended."""

    box: Box = Box.WAITING
    cursor: str = ""
    size: int = Field(50, ge=1, le=200)


class WhistleIn(StrictSchema):
    """A whistle for a matter, or for an area with a title. Amount and unit: another limit than that of the rules."""

    called: list[UUID] = Field(max_length=50)
    demand: Words
    matter_id: UUID | None = None
    area_id: UUID | None = None
    title: str = Field("", max_length=60)
    amount: int | None = Field(None, ge=1, le=1000)
    unit: str = Field("", max_length=16)


class TaskIn(StrictSchema):
    """An assisting task for a matter that is being handled."""

    matter_id: UUID
    organisation: UUID
    demand: Words
    title: str = Field("", max_length=60)
    post: UUID | None = None
    amount: int | None = Field(None, ge=1, le=1000)
    unit: str = Field("", max_length=16)


class _CallIn(StrictSchema):
    text: Words = ""
    clause: str = Field("", max_length=200)
    responder: str = Field("", max_length=80)
    arrive_by: AwareDatetime | None = None
    grade: str = Field("", max_length=12)


class AnswerIn(_CallIn):
    """A step of the called: accept needs responder and arrive_by; decline text and clause; help text; rating grade."""

    step: Literal["look", "accept", "decline", "arrive", "help", "rate_whistle"]


class FollowIn(_CallIn):
    """A step of the caller: rating needs grade, the others text."""

    step: Literal["rate_help", "ask_dispatch", "call_off"]


class DispatchIn(_CallIn):
    """A step of the centre above: an order needs arrive_by and text, standing down text."""

    step: Literal["order", "stand_down"]


class _TaskStepIn(StrictSchema):
    text: Words = ""
    clause: str = Field("", max_length=200)
    organisation: UUID | None = None
    post: UUID | None = None


class DoIn(_TaskStepIn):
    """A step of the assisting unit: turning down needs text and clause, handing on organisation and text, delegating
    a post."""

    step: Literal["acknowledge", "report_back", "complete", "turn_down", "transfer", "delegate"]


class TaskFollowIn(_TaskStepIn):
    """A step of the unit that gave the task."""

    step: Literal["cc", "rework", "take_back"]
