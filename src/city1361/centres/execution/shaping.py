"""From rows to answers, for whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import clocks, protection
from city1361.centres.execution.answers import (
    ExternalNumberView,
    MatterRow,
    MatterTypeView,
    MatterView,
    Named,
    ParticipantView,
    PlaceView,
    ReporterView,
    StepView,
)
from city1361.centres.execution.models import (
    Matter,
    MatterApproval,
    MatterParticipant,
    MatterReporter,
    MatterStep,
    MatterType,
)
from city1361.centres.execution.terms import (
    ApprovalState,
    Channel,
    CloseResult,
    ExclusionKind,
    MatterState,
    Participation,
    Permission,
    Satisfaction,
    Step,
    Urgency,
)
from city1361.platform.assurance.standards.areas import api as areas

# How a reporter is called by those who may not know him.
HIDDEN = {
    Channel.GRID: "网格员",
    Channel.RESIDENT: "群众",
    Channel.DESK: "中心登记",
    Channel.HOTLINE: "热线来电人",
    Channel.SENSOR: "感知设备",
    Channel.ASSIGNED: "上级单位",
}


def type_view(row: MatterType) -> MatterTypeView:
    """A type with its national counterpart as `standard/kind/code`."""
    parts = (row.national_standard, row.national_kind, row.national_code)
    national = "/".join(parts) if all(parts) else ""
    return MatterTypeView(row.code, row.name, row.class_name, row.category, national, row.verified, row.form_key)


def sees_reporter(matter: Matter, by: By, scope: Scope) -> bool:
    """举报保护 for this matter and this person."""
    return protection.may_see_reporter(
        is_reporter=by.account is not None and by.account == matter.reporter_account,
        in_centre=matter.centre_id in scope.organisations,
        may_admit=scope.allows(Permission.ADMIT_MATTER),
    )


def _named(area_id: UUID | None, briefs: dict[UUID, areas.AreaBrief]) -> Named | None:
    brief = briefs.get(area_id) if area_id else None
    return Named(brief.id, brief.short_name) if brief else None


def _place(matter: Matter, briefs: dict[UUID, areas.AreaBrief]) -> PlaceView:
    return PlaceView(
        district=_named(matter.district_id, briefs) or Named(matter.district_id, ""),
        town=_named(matter.town_id, briefs) or Named(matter.town_id, ""),
        village=_named(matter.village_id, briefs),
        grid=_named(matter.grid_id, briefs),
        address=matter.address,
        lon=matter.lon,
        lat=matter.lat,
    )


def _area_ids(matter: Matter) -> list[UUID]:
    levels = (matter.district_id, matter.town_id, matter.village_id, matter.grid_id)
    return [area_id for area_id in levels if area_id]


def rows(matters: Sequence[Matter]) -> tuple[MatterRow, ...]:
    """Rows of a list; `type`, `lead` and `lead_post` are there already. Two queries whatever their number."""
    if not matters:
        return ()
    working, now = calendar.current(), clock.now()
    briefs = areas.areas({area_id for matter in matters for area_id in _area_ids(matter)})
    return tuple(_row(matter, _place(matter, briefs), working, now) for matter in matters)


def _row(matter: Matter, place: PlaceView, working: calendar.WorkingTime, now: datetime) -> MatterRow:
    return MatterRow(
        id=matter.id,
        number=matter.number,
        version=matter.version,
        state=MatterState(matter.state),
        title=matter.title,
        type_name=matter.type.name,
        urgency=Urgency(matter.urgency),
        channel=Channel(matter.channel),
        level=matter.level,
        place=place.short,
        address=matter.address,
        reported_at=matter.reported_at,
        total=clocks.total(working, matter, now),
        stage=clocks.stage(working, matter, now),
        lead=matter.lead.name if matter.lead else "",
        reopened_count=matter.reopened_count,
        rework_count=matter.rework_count,
        recurs=matter.recurrence_of is not None,
        synthetic=matter.synthetic,
    )


def view(matter: Matter, by: By, scope: Scope) -> MatterView:
    """The matter as `by` may see it, with everything that belongs to it."""
    working, now = calendar.current(), clock.now()
    participants = _participants(matter)
    first_step = MatterStep.objects.filter(matter=matter.id, version=1).first()
    return MatterView(
        id=matter.id,
        number=matter.number,
        version=matter.version,
        state=MatterState(matter.state),
        title=matter.title,
        type=type_view(matter.type),
        description=matter.description,
        urgency=Urgency(matter.urgency),
        channel=Channel(matter.channel),
        level=matter.level,
        place=_place(matter, areas.areas(_area_ids(matter))),
        occurred_at=matter.occurred_at,
        reported_at=matter.reported_at,
        closed_at=matter.closed_at,
        filed_after_the_fact=matter.filed_after_the_fact,
        total=clocks.total(working, matter, now),
        stage=clocks.stage(working, matter, now),
        first_receiver=Named(matter.centre_id, matter.centre.name),
        lead=next((one for one in participants if one.role is Participation.LEAD), None),
        participants=participants,
        reporter=_reporter(matter, by, scope),
        photos=tuple(first_step.photos) if first_step else (),
        result=CloseResult(matter.result) if matter.result else None,
        requested_result=CloseResult(matter.requested_result) if matter.requested_result else None,
        agreed_at=matter.agreed_at,
        satisfaction=Satisfaction(matter.satisfaction) if matter.satisfaction else None,
        reopened_count=matter.reopened_count,
        rework_count=matter.rework_count,
        returned_count=matter.returned_count,
        current_centre=Named(matter.current_centre_id, matter.current_centre.name),
        current_level=matter.current_level,
        verified=matter.verified,
        designated=matter.designated,
        asked=_asked(matter),
        shelved_review_on=matter.shelved_review_on,
        paused_minutes=matter.paused_minutes,
        self_report_self_close=matter.self_report_self_close,
        sensitive=tuple(matter.sensitive),
        recurrence_of=matter.recurrence_of,
        recurrence_number=_number_of(matter.recurrence_of),
        external_numbers=_external(matter),
        synthetic=matter.synthetic,
    )


def _external(matter: Matter) -> tuple[ExternalNumberView, ...]:
    found = matter.external_numbers.order_by("system", "number")
    return tuple(ExternalNumberView(one.system, one.number, one.status) for one in found)


def _asked(matter: Matter) -> ExclusionKind | None:
    """What waits for another person's word."""
    waiting = MatterApproval.objects.filter(matter=matter.id, state=ApprovalState.WAITING.value)
    kind = waiting.values_list("kind", flat=True).first() if MatterState(matter.state).is_open else None
    return ExclusionKind(kind) if kind else None


def _participants(matter: Matter) -> tuple[ParticipantView, ...]:
    found = MatterParticipant.objects.filter(matter=matter.id, until=None).select_related("organisation", "post")
    return tuple(
        ParticipantView(
            Named(one.organisation_id, one.organisation.name),
            Participation(one.role),
            Named(one.post.id, one.post.name) if one.post else None,
        )
        for one in found.order_by("id")
    )


def _reporter(matter: Matter, by: By, scope: Scope) -> ReporterView:
    hidden = HIDDEN[Channel(matter.channel)]
    if not sees_reporter(matter, by, scope):
        return ReporterView(hidden, shown=False)
    known = MatterReporter.objects.filter(matter=matter.id).first()
    is_me = by.account is not None and by.account == matter.reporter_account
    if known is None:
        return ReporterView(hidden, shown=True, is_me=is_me)
    return ReporterView(known.label, True, known.name or "", known.phone or "", is_me)


def _number_of(matter_id: UUID | None) -> str:
    """The number of another matter, when it may be seen as well."""
    if matter_id is None:
        return ""
    return Matter.objects.filter(id=matter_id).values_list("number", flat=True).first() or ""


def step_views(matter: Matter, steps: Collection[MatterStep], by: By, scope: Scope) -> list[StepView]:
    """History as `by` may see it: what the reporter did is shown without saying who he is, unless that is known."""
    shown = sees_reporter(matter, by, scope)
    hidden = HIDDEN[Channel(matter.channel)]
    return [step_view(one, hidden if one.by_reporter and not shown else "") for one in steps]


def step_view(one: MatterStep, hidden: str) -> StepView:
    return StepView(
        version=one.version,
        step=Step(one.step),
        at=one.at,
        who=hidden or one.who,
        organisation="" if hidden else one.organisation_name,
        text=one.text,
        photos=tuple(one.photos),
        result=CloseResult(one.result) if one.result else None,
        presumed=one.presumed,
        on_behalf_of="" if hidden else one.on_behalf_of,
    )
