"""What the API takes: a report, the wishes of a list, and each step's own input."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from city1361.base.action.api import StrictSchema
from city1361.centres.execution.entry.intake_terms import Flag
from city1361.centres.execution.inputs import LONGEST_ADDRESS, LONGEST_REASON, LONGEST_TEXT
from city1361.centres.execution.listings.counting_terms import Counted
from city1361.centres.execution.listings.filters import LONGEST_CODE, LONGEST_WORDS
from city1361.centres.execution.terms import Channel, CloseResult, Satisfaction, Tab, Urgency

Answer = str | bool | int | float | list[str] | None
MOST_FIELDS = 40
Remark = Annotated[str, Field(max_length=LONGEST_TEXT)]


class ReportIn(StrictSchema):
    """A report. Place: lon and lat (GCJ-02 degrees), or area_id of a grid, village or town, or both. answers: to the form
    of the type, whose schema is at /api/v1/forms/."""

    matter_type: str = Field(max_length=32)
    description: Remark
    urgency: Urgency = Urgency.NORMAL
    occurred_at: AwareDatetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area_id: UUID | None = None
    address: str = Field("", max_length=LONGEST_ADDRESS)
    photos: list[UUID] = Field(default_factory=list)
    handled_at: AwareDatetime | None = None
    contact_name: str = Field("", max_length=40)
    contact_phone: str = Field("", max_length=20)
    external_numbers: dict[str, str] = Field(default_factory=dict)
    answers: dict[str, Answer] = Field(default_factory=dict, max_length=MOST_FIELDS)


class ListIn(StrictSchema):
    """Which matters: the tab, what it is narrowed to, cursor and size of the page. since, until: days of the city."""

    tab: Tab = Tab.TODO
    q: Annotated[str, Field(max_length=LONGEST_WORDS)] = ""
    state: str = ""
    matter_type: Annotated[str, Field(max_length=LONGEST_CODE)] = ""
    category: Annotated[str, Field(max_length=LONGEST_CODE)] = ""
    urgency: Urgency | None = None
    channel: Channel | None = None
    area: UUID | None = None
    lead: UUID | None = None
    due: str = ""
    since: date | None = None
    until: date | None = None
    counted: Counted | None = None
    period: str = ""
    flags: list[Flag] = Field(default_factory=list)
    cursor: str = ""
    size: int = Field(50, ge=1, le=200)


class AdmitIn(StrictSchema):
    """受理: the post it is given to; perhaps a finer type, a grade, sensitive marks."""

    handler_post: UUID
    level: int | None = None
    text: Remark = ""
    matter_type: str = Field("", max_length=32)
    sensitive: list[str] = Field(default_factory=list)


class RefuseIn(StrictSchema):
    """不予受理: the reason the reporter reads."""

    text: str = Field(max_length=LONGEST_REASON)


class RemarkIn(StrictSchema):
    """A remark that may be left out."""

    text: Remark = ""


class ProgressIn(StrictSchema):
    """What was done, with photos."""

    text: Remark
    photos: list[UUID] = Field(default_factory=list)


class RequestCloseIn(ProgressIn):
    """The same, with a typed result. unfinished: why assisting work that has not ended does not matter."""

    result: CloseResult
    unfinished: str = Field("", max_length=LONGEST_REASON)


class CheckPassIn(RemarkIn):
    """A remark and photos, both optional."""

    photos: list[UUID] = Field(default_factory=list)


class CloseIn(RemarkIn):
    """The result; by default the one that was asked for."""

    result: CloseResult | None = None


class AgreeIn(RemarkIn):
    """What the reporter says of the handling."""

    satisfaction: Satisfaction | None = None
