"""Who takes part in a matter already, who may be called from where, and how somebody stands to a call or a task."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Refused
from city1361.centres.command.answers import Choice
from city1361.centres.command.decisions import Refusal, Side, Standing, Verb, Word
from city1361.centres.command.models import Task, WhistleCall
from city1361.centres.command.terms import (
    CALL_LABELS,
    CALL_STEP_LABELS,
    OPEN_CALLS,
    OPEN_TASKS,
    TASK_LABELS,
    TASK_STEP_LABELS,
    CallState,
    CallStep,
)
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations


def state_label(state: Word) -> str:
    """The word of a state."""
    return CALL_LABELS[state] if isinstance(state, CallState) else TASK_LABELS[state]


def step_label(step: Verb) -> str:
    """The word of a step."""
    return CALL_STEP_LABELS[step] if isinstance(step, CallStep) else TASK_STEP_LABELS[step]


def of_matter(matter: execution.MatterView | None, own: UUID) -> Standing:
    """Lead, open calls and open tasks of a matter; who brought whom in. `own` may call although it takes part."""
    if matter is None:
        return Standing()
    calls = WhistleCall.objects.filter(whistle__matter=matter.id, state__in=list(OPEN_CALLS))
    tasks = Task.objects.filter(matter=matter.id, state__in=list(OPEN_TASKS))
    brought = {
        **dict(calls.values_list("organisation", "whistle__caller")),
        **dict(tasks.values_list("organisation", "giver")),
    }
    lead = matter.lead.organisation.id if matter.lead else None
    taking_part = frozenset(brought) | {one.organisation.id for one in matter.participants if one.role != "informed"}
    return Standing(lead, taking_part - {own}, brought)


def reach_of_whistle(organisation_id: UUID) -> list[Choice]:
    """The organisations of one's own area and of the one above, without oneself and without the centre that decides
    when nobody comes."""
    own, decides = organisations.organisation(organisation_id), dispatch_centre(organisation_id)
    above = areas.lineage(own.area_id).ids
    return [one for one in _choices(above[-2:], organisation_id) if one != decides]


def reach_of_task(organisation_id: UUID, matter: execution.MatterView) -> list[Choice]:
    """The organisations of one's own area and of the matter's areas below it, without oneself."""
    own = organisations.organisation(organisation_id)
    place = (areas.city().id, matter.place.district.id, matter.place.town.id)
    below = place[place.index(own.area_id) :] if own.area_id in place else (own.area_id,)
    return _choices(below, organisation_id)


def _choices(area_ids: tuple[UUID, ...], own: UUID) -> list[Choice]:
    found = [one for area_id in reversed(area_ids) for one in organisations.organisations_in(area_id)]
    return [Choice(one.id, one.name) for one in found if one.id != own]


def dispatch_centre(organisation_id: UUID) -> Choice | None:
    """The centre one level above an organisation: it dispatches what nobody answers. None above the city."""
    above = areas.lineage(organisations.organisation(organisation_id).area_id).ids[:-1]
    if not above:
        return None
    try:
        centre = organisations.command_centre(above[-1])
    except Missing:
        return None
    return Choice(centre.id, centre.name)


def sides_of_call(call: WhistleCall, by: By) -> frozenset[Side]:
    """How `by` stands to a call."""
    if by.is_system:
        return frozenset({Side.SYSTEM})
    whistle = call.whistle
    found = ((Side.CALLED, call.organisation), (Side.CALLER, whistle.caller), (Side.DISPATCHER, whistle.centre))
    return frozenset(side for side, organisation in found if by.organisation and organisation == by.organisation)


def sides_of_task(task: Task, by: By) -> frozenset[Side]:
    """How `by` stands to a task; one that was given to a post is done by that post alone."""
    if by.is_system:
        return frozenset({Side.SYSTEM, Side.DOER})
    sides = {Side.GIVER} if by.organisation == task.giver else set()
    if by.organisation == task.organisation and (not task.post or task.post == by.post):
        sides.add(Side.DOER)
    return frozenset(sides)


def raise_for(refusal: Refusal, state: Word | None = None, step: Verb | None = None) -> Exception:
    """The problem that tells of a refusal."""
    named = organisations.organisations([refusal.organisation]) if refusal.organisation else {}
    params = {
        "state": state_label(state) if state else "",
        "step": step_label(step) if step else "",
        "allowed": "、".join(step_label(one) for one in refusal.allowed),
        "organisation": named[refusal.organisation].name if refusal.organisation in named else "",
    }
    kind = Conflict if refusal.of_state or refusal.organisation else Refused
    where = "organisations" if refusal.organisation else "step"
    return kind(refusal.code, refusal.message, where=where, remedy=refusal.remedy, params=params)
