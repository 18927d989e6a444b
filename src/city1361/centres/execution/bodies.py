"""What the API answers with. Labels are not sent: clients have their own words for the codes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from ninja import Schema

from city1361.centres.execution.terms import (
    Channel,
    CloseResult,
    Counting,
    ExclusionKind,
    MatterState,
    Participation,
    Satisfaction,
    Step,
    Urgency,
)


class NamedOut(Schema):
    """An area, organisation or post."""

    id: UUID
    name: str


class MatterTypeOut(Schema):
    """A type: the city's own code, the national one beside it; `verified` false until compared with the standard."""

    code: str
    name: str
    class_name: str
    category: str
    national: str
    verified: bool


class CategoryOut(Schema):
    """A category of the phone page."""

    code: str
    name: str
    default_type: str


class ClockOut(Schema):
    """A clock: minutes of `counting`. `example`: the limit is an example. `fallback`: the deadline may still move."""

    counting: Counting
    started_at: datetime
    due_at: datetime
    limit_minutes: int
    left_minutes: int
    overdue: bool
    stopped_at: datetime | None
    fallback: bool
    example: bool


class PlaceOut(Schema):
    """Where; coordinates are GCJ-02 degrees."""

    district: NamedOut
    town: NamedOut
    village: NamedOut | None
    grid: NamedOut | None
    address: str
    lon: float | None
    lat: float | None


class ParticipantOut(Schema):
    """An organisation that takes part."""

    organisation: NamedOut
    role: Participation
    post: NamedOut | None


class ReporterOut(Schema):
    """Who reported; `shown` is false for those it is hidden from."""

    label: str
    shown: bool
    name: str
    phone: str
    is_me: bool


class ExternalNumberOut(Schema):
    """Its number in another system."""

    system: str
    number: str
    status: str


class MatterOut(Schema):
    """A matter."""

    id: UUID
    number: str
    version: int
    state: MatterState
    title: str
    type: MatterTypeOut
    description: str
    urgency: Urgency
    channel: Channel
    level: int | None
    place: PlaceOut
    occurred_at: datetime
    reported_at: datetime
    closed_at: datetime | None
    filed_after_the_fact: bool
    total: ClockOut
    stage: ClockOut | None
    first_receiver: NamedOut
    lead: ParticipantOut | None
    participants: list[ParticipantOut]
    reporter: ReporterOut
    photos: list[UUID]
    result: CloseResult | None
    requested_result: CloseResult | None
    agreed_at: datetime | None
    satisfaction: Satisfaction | None
    reopened_count: int
    rework_count: int
    returned_count: int
    current_centre: NamedOut
    current_level: str
    verified: bool | None
    designated: bool
    asked: ExclusionKind | None
    shelved_review_on: date | None
    self_report_self_close: bool
    sensitive: list[str]
    recurrence_of: UUID | None
    recurrence_number: str
    external_numbers: list[ExternalNumberOut]
    synthetic: bool
    archived: list[str]


class RowOut(Schema):
    """A matter in a list."""

    id: UUID
    number: str
    version: int
    state: MatterState
    title: str
    type_name: str
    urgency: Urgency
    channel: Channel
    level: int | None
    place: str
    address: str
    reported_at: datetime
    total: ClockOut
    stage: ClockOut | None
    lead: str
    reopened_count: int
    rework_count: int
    recurs: bool
    synthetic: bool


class PageOut(Schema):
    """Some rows and where the next page begins."""

    rows: list[RowOut]
    next_cursor: str | None


class StepOut(Schema):
    """A step that was taken."""

    version: int
    step: Step
    at: datetime
    who: str
    organisation: str
    on_behalf_of: str
    text: str
    photos: list[UUID]
    result: CloseResult | None
    presumed: bool


class HistoryOut(Schema):
    """Every step, oldest first."""

    steps: list[StepOut]


class FollowedOut(Schema):
    """The matter a report was merged into, as that report's reporter may know it. others: how many reported it too."""

    version: int
    state: MatterState
    lead: str
    total: ClockOut
    result: CloseResult | None
    steps: list[StepOut]
    others: int
    merged_at: datetime
    agreed: bool


class AvailableStepOut(Schema):
    """A step the caller may take now."""

    step: Step
    primary: bool
    needs: list[str]
    may: list[str]


class HandlerOut(Schema):
    """A post a matter can be given to."""

    post: NamedOut
    organisation: NamedOut
