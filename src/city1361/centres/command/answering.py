"""The steps of a call: by the called, the caller, the centre that dispatches, or its limit. Each changes its own fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing
from city1361.centres.command import decisions, inputs, phrases, recording, shaping, standing, work_items
from city1361.centres.command.answers import CallView
from city1361.centres.command.models import WhistleCall
from city1361.centres.command.recording import Told
from city1361.centres.command.terms import CallState, CallStep, Permission
from city1361.centres.execution import api as execution


@dataclass(frozen=True, slots=True)
class Answer:
    """What came with a step of a call."""

    text: str = ""
    clause: str = ""
    responder: str = ""
    arrive_by: datetime | None = None
    grade: str = ""


@action(Permission.ANSWER_CALL)
def call_answer(*, by: By, call_id: UUID, step: CallStep, given: Answer | None = None) -> Outcome[CallView]:
    """A step of the called: look, accept (who comes, when), decline (reason, clause), arrive, help, rate the whistle.

    Raises Missing, Invalid, Conflict, Refused.
    """
    return _take(by, call_id, step, given or Answer(), Permission.ANSWER_CALL)


@action(Permission.BLOW_WHISTLE)
def call_follow(*, by: By, call_id: UUID, step: CallStep, given: Answer | None = None) -> Outcome[CallView]:
    """A step of the caller: rate the help, ask for dispatch after a refusal, call off."""
    return _take(by, call_id, step, given or Answer(), Permission.BLOW_WHISTLE)


@action(Permission.DISPATCH_CALL)
def call_dispatch(*, by: By, call_id: UUID, step: CallStep, given: Answer | None = None) -> Outcome[CallView]:
    """A step of the centre above: order the called to come, or stand the call down."""
    return _take(by, call_id, step, given or Answer(), Permission.DISPATCH_CALL)


@action(Permission.LAPSE_LIMIT)
def call_lapse(*, by: By, call_id: UUID) -> Outcome[CallView]:
    """Nobody answered within the limit: the call goes to the centre above. By the system alone."""
    return _take(by, call_id, CallStep.LAPSE, Answer(), Permission.LAPSE_LIMIT)


def _take(by: By, call_id: UUID, step: CallStep, given: Answer, permission: Permission) -> Outcome[CallView]:
    scope, now = registry.scope_of(by), clock.now()
    call = _locked(call_id)
    facts = shaping.facts_of_call(call, by)
    if decisions.PERMISSION_OF_SIDE[decisions.SIDE_OF[step]] is not permission:
        raise Missing()
    if step is CallStep.LOOK and facts.state is not CallState.DELIVERED and decisions.Side.CALLED in facts.sides:
        return Outcome(shaping.call(call, by, scope), subject=_subject(call), unchanged=True)
    after = decisions.decide(facts, step)
    if isinstance(after, decisions.Refusal):
        raise standing.raise_for(after, facts.state, step)
    call.state = after.value
    told = _TELL[step](call, given, now)
    call.save()
    return _written(by, call, step, told, now)


def _written(by: By, call: WhistleCall, step: CallStep, told: Told, now: datetime) -> Outcome[CallView]:
    """The lines of the step, then who takes part from now on, then the to-do: in this order the called still sees it."""
    events = recording.remember_call(call, step, told, by=by, at=now)
    view = shaping.call(call, by, registry.scope_of(by))
    work_items.move_call(by, call, step)
    _take_part(by, call, step)
    facts = Told(told.text, told.noted, {"organisation": str(call.organisation), "state": call.state, **told.facts})
    return recording.outcome(view, _subject(call), step, facts, events)


def _take_part(by: By, call: WhistleCall, step: CallStep) -> None:
    """Whoever declines or is called off takes part no more; whoever is ordered does again."""
    matter_id, role = call.whistle.matter_id, execution.Participation.ASSIST
    if matter_id is None:
        return
    if step in (CallStep.DECLINE, CallStep.CALL_OFF, CallStep.STAND_DOWN):
        execution.matter_participant_end(by=by, matter_id=matter_id, organisation=call.organisation, role=role)
    if step in (CallStep.ORDER, CallStep.ACCEPT):
        execution.matter_participant_add(by=by, matter_id=matter_id, organisation=call.organisation, role=role)


def _locked(call_id: UUID) -> WhistleCall:
    """The row for whoever sees it, locked. Raises Missing."""
    found = WhistleCall.objects.select_related("whistle").select_for_update(of=("self",)).filter(pk=call_id).first()
    if found is None:
        raise Missing()
    return found


def _subject(call: WhistleCall) -> Subject:
    return Subject(recording.WHISTLE, call.whistle_id, call.whistle.number)


def _look(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.read_at = now
    return Told()


def _accept(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.responder = inputs.text(given.responder, where="responder", needed=True, longest=80)
    call.arrive_by = inputs.arrival(given.arrive_by, now)
    call.answered_at, call.read_at = now, call.read_at or now
    words = phrases.COMING.format(
        who=call.responder, time=recording.moment(call.arrive_by), text=inputs.text(given.text)
    )
    return Told(words, _noted(call, "报到", words), {"arrive_by": call.arrive_by.isoformat()})


def _decline(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.reason = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    call.clause = inputs.text(given.clause, where="clause", needed=True, longest=inputs.LONGEST_CLAUSE)
    call.answered_at, call.read_at = now, call.read_at or now
    words = phrases.REASONED.format(reason=call.reason, clause=call.clause)
    return Told(words, _noted(call, "不报到", words), {"clause": call.clause})


def _arrive(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.arrived_at, call.answered_at = now, call.answered_at or now
    words = inputs.text(given.text)
    return Told(words, _noted(call, "已到场", words))


def _help(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.result, call.ended_at = inputs.text(given.text, needed=True), now
    return Told(call.result, _noted(call, "支援结果", call.result))


def _rate_whistle(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.whistle_grade = inputs.grade(given.grade).value
    call.whistle_words = inputs.text(given.text, longest=inputs.LONGEST_REASON)
    return Told(call.whistle_words, facts={"grade": call.whistle_grade})


def _rate_help(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.help_grade = inputs.grade(given.grade).value
    call.help_words = inputs.text(given.text, longest=inputs.LONGEST_REASON)
    return Told(call.help_words, facts={"grade": call.help_grade})


def _ask_dispatch(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.lapsed_at = now
    words = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    return Told(words, _noted(call, "提请调度", words))


def _call_off(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.ended_at = now
    words = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    return Told(words, _noted(call, "取消呼叫", words))


def _lapse(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.lapsed_at = now
    words = phrases.LAPSED.format(centre=call.whistle.centre_name)
    return Told(words, _noted(call, words, ""), {"due_at": call.due_at.isoformat()})


def _order(call: WhistleCall, given: Answer, now: datetime) -> Told:
    call.arrive_by, call.ordered_at = inputs.arrival(given.arrive_by, now), now
    words = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    said = phrases.ORDERED.format(time=recording.moment(call.arrive_by), text=words)
    return Told(said, _noted(call, "调度", said), {"arrive_by": call.arrive_by.isoformat()})


def _noted(call: WhistleCall, what: str, words: str) -> str:
    """The line on the matter: which organisation, what, in which words."""
    head = f"{call.organisation_name}{what}"
    return f"{head}：{words}" if words else head


_TELL = {
    CallStep.LOOK: _look,
    CallStep.ACCEPT: _accept,
    CallStep.DECLINE: _decline,
    CallStep.ARRIVE: _arrive,
    CallStep.HELP: _help,
    CallStep.RATE_WHISTLE: _rate_whistle,
    CallStep.RATE_HELP: _rate_help,
    CallStep.ASK_DISPATCH: _ask_dispatch,
    CallStep.CALL_OFF: _call_off,
    CallStep.LAPSE: _lapse,
    CallStep.ORDER: _order,
    CallStep.STAND_DOWN: _call_off,
}
