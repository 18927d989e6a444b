"""What the module answers with: frozen values, ready to be shown. Labels are zh-Hans msgids, names are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Named:
    """An area, organisation or post by id and name of today."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class MatterTypeView:
    """A matter type. code: the city's own; national: `standard/kind/code` or empty. verified: false for codes nobody
    has compared with the published standard. form: the key of the form its reports may answer, or empty."""

    code: str
    name: str
    class_name: str
    category: str
    national: str = ""
    verified: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class CategoryView:
    """One of the large buttons of the phone page: its name, icon, and the type it reports when nothing finer is said."""

    code: str
    name: str
    icon: str
    default_type: str
    types: tuple[MatterTypeView, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgencyView:
    """A choice of urgency and what is promised for it. `example`: the limits are examples, not law."""

    urgency: Urgency
    label: str
    amount: int
    unit: str
    example: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock. Minutes are of `counting`; `left_minutes` is zero or negative when the limit is over.

    label: 总 or the stage. stopped_at: when the clock stopped (closed or refused); then left_minutes is of that moment.
    paused: it stands still for a while, and goes on. fallback: the deadline lies beyond the announced holidays and may
    still move. example: the limit is an example.
    """

    label: str
    counting: Counting
    started_at: datetime
    due_at: datetime
    limit_minutes: int
    left_minutes: int
    overdue: bool = False
    stopped_at: datetime | None = None
    paused: bool = False
    fallback: bool = False
    example: bool = True

    @property
    def used(self) -> float:
        """The used part of the limit, 0 to 1."""
        if self.limit_minutes <= 0:
            return 1.0
        return min(1.0, max(0.0, 1 - self.left_minutes / self.limit_minutes))


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where a matter is. Coordinates are GCJ-02 degrees, or None when only the area is known."""

    district: Named
    town: Named
    village: Named | None
    grid: Named | None
    address: str
    lon: float | None
    lat: float | None

    @property
    def short(self) -> str:
        """Village and grid, or the town: what a list of one town shows."""
        names = [area.name for area in (self.village, self.grid) if area]
        return "·".join(names) or self.town.name


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """An organisation that takes part, with the post that leads if there is one."""

    organisation: Named
    role: Participation
    post: Named | None = None


@dataclass(frozen=True, slots=True)
class ReporterView:
    """Who reported. `shown` is false for those it is hidden from: then only `label` says what kind of person it is."""

    label: str
    shown: bool
    name: str = ""
    phone: str = ""
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class ExternalNumberView:
    """The number the matter has elsewhere (12345, 110转办, 城管) and what that system last said of it."""

    system: str
    number: str
    status: str


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter as the one who asks may see it."""

    id: UUID
    number: str
    version: int
    state: MatterState
    title: str
    type: MatterTypeView
    description: str
    urgency: Urgency
    channel: Channel
    level: int | None
    place: PlaceView
    occurred_at: datetime
    reported_at: datetime
    closed_at: datetime | None
    filed_after_the_fact: bool
    total: ClockView
    stage: ClockView | None
    first_receiver: Named
    lead: ParticipantView | None
    participants: tuple[ParticipantView, ...]
    reporter: ReporterView
    photos: tuple[UUID, ...]
    result: CloseResult | None
    requested_result: CloseResult | None
    agreed_at: datetime | None
    satisfaction: Satisfaction | None
    reopened_count: int
    rework_count: int
    returned_count: int
    current_centre: Named
    current_level: str
    verified: bool | None
    designated: bool
    asked: ExclusionKind | None
    shelved_review_on: date | None
    paused_minutes: int
    self_report_self_close: bool
    sensitive: tuple[str, ...]
    recurrence_of: UUID | None
    recurrence_number: str
    external_numbers: tuple[ExternalNumberView, ...]
    synthetic: bool
    archived: tuple[str, ...] = ()
    """Months (`YYYY-MM`) whose steps are in the archive only."""

    @property
    def etag(self) -> str:
        """The version as an HTTP entity tag."""
        return f'"{self.version}"'


@dataclass(frozen=True, slots=True)
class MatterRow:
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
    total: ClockView
    stage: ClockView | None
    lead: str
    reopened_count: int
    rework_count: int
    recurs: bool
    synthetic: bool
    district: str = ""
    town: str = ""
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True)
class MatterPage:
    """Some rows, newest first, and where the next page begins (None: there is none)."""

    rows: tuple[MatterRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TabCounts:
    """How many open matters wait for me, are with others, are over their total limit, or end within two hours."""

    todo: int
    doing: int
    overdue: int
    soon: int


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that was taken. who: a title, never a name; a reporter whose identity is hidden is shown by kind."""

    version: int
    step: Step
    at: datetime
    who: str
    organisation: str
    text: str
    photos: tuple[UUID, ...] = ()
    result: CloseResult | None = None
    presumed: bool = False
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class AvailableStep:
    """A step the one who asks may take now. needs: its required inputs; may: those that can be left out."""

    step: Step
    label: str
    primary: bool
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the things a field of a step may be."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class HandlerChoice:
    """A post a matter can be given to."""

    post: Named
    organisation: Named
