"""From rows to answers, for whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import archiving, clocks, protection
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
    MatterReporter,
    MatterStep,
    MatterType,
)
from city1361.centres.execution.reading import Read
from city1361.centres.execution.terms import (
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


def _named(area_id: UUID | None, names: Mapping[UUID, str]) -> Named | None:
    return Named(area_id, names[area_id]) if area_id is not None and area_id in names else None


def _place(matter: Matter, names: Mapping[UUID, str]) -> PlaceView:
    return PlaceView(
        district=_named(matter.district_id, names) or Named(matter.district_id, ""),
        town=_named(matter.town_id, names) or Named(matter.town_id, ""),
        village=_named(matter.village_id, names),
        grid=_named(matter.grid_id, names),
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
    names = {brief.id: brief.short_name for brief in briefs.values()}
    return tuple(_row(matter, _place(matter, names), working, now) for matter in matters)


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
        district=place.district.name,
        town=place.town.name,
        is_sensitive=bool(matter.sensitive),
    )


def view(found: Read, by: By, scope: Scope) -> MatterView:
    """The matter as `by` may see it, with everything that belongs to it."""
    matter, working, now = found.row, calendar.current(), clock.now()
    participants = tuple(_participant(one) for one in found.participants)
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
        place=_place(matter, found.places),
        occurred_at=matter.occurred_at,
        reported_at=matter.reported_at,
        closed_at=matter.closed_at,
        filed_after_the_fact=matter.filed_after_the_fact,
        total=clocks.total(working, matter, now),
        stage=clocks.stage(working, matter, now),
        first_receiver=Named(matter.centre_id, matter.centre.name),
        lead=next((one for one in participants if one.role is Participation.LEAD), None),
        participants=participants,
        reporter=_reporter(found, by, scope),
        photos=found.first.photos if found.first else (),
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
        asked=ExclusionKind(found.asked["kind"]) if found.asked and MatterState(matter.state).is_open else None,
        shelved_review_on=matter.shelved_review_on,
        paused_minutes=matter.paused_minutes,
        self_report_self_close=matter.self_report_self_close,
        sensitive=tuple(matter.sensitive),
        recurrence_of=matter.recurrence_of,
        recurrence_number=found.recurrence_number,
        external_numbers=tuple(ExternalNumberView(**one) for one in found.numbers),
        synthetic=matter.synthetic,
        archived=archiving.archived_months(matter, len(found.steps)),
    )


def _participant(told: Mapping[str, Any]) -> ParticipantView:
    post = Named(UUID(told["post"]), told["post_name"]) if told["post"] else None
    return ParticipantView(Named(UUID(told["organisation"]), told["name"]), Participation(told["role"]), post)


def _reporter(found: Read, by: By, scope: Scope) -> ReporterView:
    matter, told = found.row, found.reporter
    hidden = HIDDEN[Channel(matter.channel)]
    if not sees_reporter(matter, by, scope):
        return ReporterView(hidden, shown=False)
    is_me = by.account is not None and by.account == matter.reporter_account
    if told is None:
        return ReporterView(hidden, shown=True, is_me=is_me)
    if not told["sealed"]:
        return ReporterView(told["label"], shown=True, is_me=is_me)
    known = MatterReporter.objects.get(matter=matter.id)
    return ReporterView(known.label, True, known.name or "", known.phone or "", is_me)


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
