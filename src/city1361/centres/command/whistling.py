"""Blowing a whistle: once for each key, to organisations within reach that do not take part yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, Submission, action, earlier, submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.command import decisions, inputs, limits, phrases, recording, shaping, standing, work_items
from city1361.centres.command.answers import Choice, WhistleView
from city1361.centres.command.models import Whistle, WhistleCall
from city1361.centres.command.terms import CallState, Permission
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

MOST_CALLED = 12


@dataclass(frozen=True, slots=True)
class About:
    """What a whistle is about: a matter, or an area without one; the areas of its row from the city down."""

    matter: execution.MatterView | None
    title: str
    urgency: str
    areas: tuple[UUID | None, ...]


@action(Permission.BLOW_WHISTLE)
def whistle_blow(
    *,
    by: By,
    client_key: str,
    called: Sequence[UUID],
    demand: str,
    matter_id: UUID | None = None,
    area_id: UUID | None = None,
    title: str = "",
    amount: int | None = None,
    unit: str = "",
) -> Outcome[WhistleView]:
    """吹哨: call `called` to a matter, or to an area. The limit to answer is that of the rules unless a shorter one is
    given. Raises Invalid, Conflict (oneself, taking part already, circular, out of reach), Missing."""
    told = {"called": called, "demand": demand, "matter": matter_id, "area": area_id, "title": title, "limit": (amount, unit)}  # fmt: skip
    sent, scope, now = submission(client_key, told), registry.scope_of(by), clock.now()
    known = earlier(Whistle.objects.all(), by, sent)
    if known is not None:
        return Outcome(shaping.whistle(known, by, scope), subject=_subject(known), unchanged=True)
    about = _about(by, scope, matter_id, area_id, title)
    needed = inputs.text(demand, where="demand", needed=True)
    own = _organisation(by)
    chosen = _chosen(own, called, about)
    limit = _limit(about, own, amount, unit)
    row = _write(by, sent, about, needed, now)
    for one in chosen:
        _call(by, row, one, limit, now)
    names = "、".join(one.name for one in chosen)
    noted = phrases.CALLED.format(names=names, demand=needed)
    events = recording.note(by, row.matter_id, execution.Step.WHISTLE, noted)
    facts = {"called": [str(one.id) for one in chosen], "matter": str(matter_id or ""), "limit": f"{limit.amount} {limit.unit}"}  # fmt: skip
    return Outcome(
        shaping.whistle(row, by, scope), subject=_subject(row), facts=facts, personal={"demand": needed}, events=events
    )


def _organisation(by: By) -> UUID:
    if by.organisation is None:
        raise Missing()
    return by.organisation


def _subject(row: Whistle) -> Subject:
    return Subject(recording.WHISTLE, row.id, row.number)


def _about(by: By, scope: Scope, matter_id: UUID | None, area_id: UUID | None, title: str) -> About:
    if matter_id is not None:
        matter = execution.matter(scope=scope, by=by, matter_id=matter_id)
        if not matter.state.is_open:
            raise Conflict(
                "matter_ended", "事件已经结束，不能再吹哨", where="matter_id", remedy="如果问题再次出现，请重新上报"
            )
        place = matter.place
        lineage = (areas.city().id, place.district.id, place.town.id, *(one.id if one else None for one in (place.village, place.grid)))  # fmt: skip
        return About(matter, matter.title, matter.urgency.value, lineage)
    if area_id is None:
        raise Invalid(
            "whistle_about_nothing",
            "请说明为哪个事件或哪个区域吹哨",
            where="area_id",
            remedy="选择事件，或选择区域并写明情况",
        )
    above = areas.lineage(area_id).ids
    if not scope.unlimited and not {area.id for area in scope.areas} & set(above):
        raise Missing()
    said = inputs.text(title, where="title", needed=True, longest=inputs.LONGEST_TITLE)
    return About(None, said, execution.Urgency.NORMAL.value, above)


def _chosen(own: UUID, called: Sequence[UUID], about: About) -> list[Choice]:
    targets = list(dict.fromkeys(called))
    if not 0 < len(targets) <= MOST_CALLED:
        raise Invalid("bad_number_called", "请选择一个至{most}个单位", where="called", remedy="单位过多时，请由上级治理中心统一调度", params={"most": MOST_CALLED})  # fmt: skip
    reach = {one.id: one for one in standing.reach_of_whistle(own)}
    refused = decisions.refuse_targets(own, targets, standing.of_matter(about.matter, own), reach)
    if refused:
        raise standing.raise_for(refused)
    return [reach[target] for target in targets]


def _limit(about: About, own: UUID, amount: int | None, unit: str) -> limits.Limit:
    standard = limits.limit_of("whistle_answer", about.urgency, organisations.organisation(own).area_id)
    return inputs.limit(amount, unit, standard)


def _write(by: By, sent: Submission, about: About, demand: str, now: datetime) -> Whistle:
    own = _organisation(by)
    centre = standing.dispatch_centre(own)
    return Whistle.objects.create(
        number=recording.number_for("CS", own),
        matter_id=about.matter.id if about.matter else None,
        title=about.title,
        demand=demand,
        urgency=about.urgency,
        caller=own,
        caller_name=recording.name_of(own),
        centre=centre.id if centre else None,
        centre_name=centre.name if centre else "",
        account=by.account,
        who=by.label,
        at=now,
        client_key=sent.key,
        body_hash=sent.body_hash,
        organisations=[own, *([centre.id] if centre else [])],
        **recording.area_columns(about.areas),
    )


def _call(by: By, row: Whistle, one: Choice, limit: limits.Limit, now: datetime) -> None:
    """The call to one organisation: it takes part in the matter from now on, and has it to do."""
    set_ = limits.span(limit, now)
    row.organisations = [*row.organisations, one.id]
    row.save(update_fields=["organisations"])
    call = WhistleCall.objects.create(
        whistle=row, organisation=one.id, organisation_name=one.name, state=CallState.DELIVERED.value,
        limit_amount=limit.amount, limit_unit=limit.unit, limit_example=limit.example,
        due_at=set_.due_at, amber_at=set_.amber_at, fallback=set_.fallback,
    )  # fmt: skip
    if row.matter_id:
        execution.matter_participant_add(
            by=by, matter_id=row.matter_id, organisation=one.id, role=execution.Participation.ASSIST
        )
    work_items.open_call(by, call)
