"""From rows to answers, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.base.ui import api as ui
from city1361.centres.command import decisions, limits, standing
from city1361.centres.command.answers import CallView, Choice, EntryView, LimitView, TaskView, WhistleView
from city1361.centres.command.decisions import Facts, Side, Verb
from city1361.centres.command.models import CommandEntry, Task, Whistle, WhistleCall
from city1361.centres.command.terms import CallState, CallStep, Grade, TaskState, TaskStep
from city1361.platform.assurance.standards.organisations import api as organisations

UNANSWERED = frozenset({CallState.DELIVERED, CallState.READ, CallState.AWAITING_DISPATCH})


def facts_of_call(call: WhistleCall, by: By) -> Facts:
    """What decisions ask of a call."""
    rated = ((Side.CALLER, call.help_grade), (Side.CALLED, call.whistle_grade))
    return Facts(
        CallState(call.state), standing.sides_of_call(call, by), frozenset(side for side, grade in rated if grade)
    )


def facts_of_task(task: Task, by: By) -> Facts:
    """What decisions ask of a task."""
    return Facts(TaskState(task.state), standing.sides_of_task(task, by))


def _offered(facts: Facts, scope: Scope) -> tuple[Verb, ...]:
    return decisions.possible(facts, scope.permissions)


def call(row: WhistleCall, by: By, scope: Scope, *, entries: bool = False) -> CallView:
    """A call as `by` sees it; with its lines when asked."""
    whistle, state = row.whistle, CallState(row.state)
    lines = CommandEntry.objects.filter(call=row.id).order_by("id") if entries else ()
    return CallView(
        id=row.id,
        whistle=whistle.id,
        number=whistle.number,
        title=whistle.title,
        demand=whistle.demand,
        matter=whistle.matter_id,
        caller=Choice(whistle.caller, whistle.caller_name),
        centre=Choice(whistle.centre, whistle.centre_name) if whistle.centre else None,
        organisation=Choice(row.organisation, row.organisation_name),
        state=state,
        strip=decisions.strip(
            state,
            read=row.read_at is not None,
            answered=row.answered_at is not None,
            arrived=row.arrived_at is not None,
        ),
        limit=LimitView(row.limit_amount, row.limit_unit, row.due_at, row.amber_at, row.limit_example, row.fallback),
        clock=_answer_clock(row, state),
        at=whistle.at,
        read_at=row.read_at,
        answered_at=row.answered_at,
        responder=row.responder,
        arrive_by=row.arrive_by,
        reason=row.reason,
        clause=row.clause,
        lapsed_at=row.lapsed_at,
        ordered_at=row.ordered_at,
        arrived_at=row.arrived_at,
        result=row.result,
        ended_at=row.ended_at,
        help_grade=Grade(row.help_grade) if row.help_grade else None,
        help_words=row.help_words,
        whistle_grade=Grade(row.whistle_grade) if row.whistle_grade else None,
        whistle_words=row.whistle_words,
        steps=_offered(facts_of_call(row, by), scope),
        entries=_entries(lines),
    )


def _answer_clock(row: WhistleCall, state: CallState) -> ui.Clock | None:
    if state not in UNANSWERED:
        return None
    return limits.limit_clock(_("报到"), row.limit_unit, row.whistle.at, row.due_at, row.amber_at)


def _entries(lines: Iterable[CommandEntry]) -> tuple[EntryView, ...]:
    return tuple(
        EntryView(_verb(line.step), line.at, line.organisation_name, line.who, line.on_behalf_of, line.text)
        for line in lines
    )


def _verb(step: str) -> Verb:
    return CallStep(step) if step in set(CallStep) else TaskStep(step)


def whistle(row: Whistle, by: By, scope: Scope) -> WhistleView:
    """A whistle with its calls, in the order they were made."""
    calls = row.calls.select_related("whistle").order_by("id")
    return WhistleView(
        id=row.id,
        number=row.number,
        matter=row.matter_id,
        title=row.title,
        demand=row.demand,
        caller=Choice(row.caller, row.caller_name),
        centre=Choice(row.centre, row.centre_name) if row.centre else None,
        who=row.who,
        at=row.at,
        calls=tuple(call(one, by, scope) for one in calls),
    )


def task(row: Task, by: By, scope: Scope, *, entries: bool = False) -> TaskView:
    """A task as `by` sees it; with its lines when asked."""
    lines: Sequence[CommandEntry] = list(CommandEntry.objects.filter(task=row.id).order_by("id")) if entries else ()
    return TaskView(
        id=row.id,
        number=row.number,
        matter=row.matter_id,
        matter_number=row.matter_number,
        title=row.title,
        demand=row.demand,
        giver=Choice(row.giver, row.giver_name),
        organisation=Choice(row.organisation, row.organisation_name),
        post=row.post_name,
        who=row.who,
        at=row.at,
        state=TaskState(row.state),
        origin=row.origin_id,
        acknowledge_due_at=row.acknowledge_due_at,
        acknowledged_at=row.acknowledged_at,
        presumed=row.presumed,
        limit=LimitView(row.limit_amount, row.limit_unit, row.due_at, row.amber_at, row.limit_example, row.fallback),
        clock=_task_clock(row),
        result=row.result,
        ended_at=row.ended_at,
        rework_count=row.rework_count,
        informed=_named(row.informed),
        steps=_offered(facts_of_task(row, by), scope),
        entries=_entries(lines),
    )


def _task_clock(row: Task) -> ui.Clock | None:
    if TaskState(row.state) in (TaskState.TURNED_DOWN, TaskState.HANDED_ON, TaskState.REVOKED):
        return None
    return limits.limit_clock(_("办理"), row.limit_unit, row.at, row.due_at, row.amber_at, stopped=row.ended_at)


def _named(ids: Sequence[UUID]) -> tuple[Choice, ...]:
    found = organisations.organisations(ids) if ids else {}
    return tuple(Choice(one, found[one].name) for one in ids if one in found)
