"""Writing a step of a call or a task: its line, the line on the matter, and what must be remembered of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.timezone import get_default_timezone

from city1361.base.action.api import Outcome
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.outbox.api import Event
from city1361.centres.command.decisions import Verb
from city1361.centres.command.events import CallChanged, TaskChanged
from city1361.centres.command.models import CommandEntry, Task, Whistle, WhistleCall
from city1361.centres.command.terms import CallState, CallStep, TaskState, TaskStep
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

WHISTLE, TASK = "whistle", "task"


@dataclass(frozen=True, slots=True)
class Told:
    """What a step says: text for its own line, `noted` for the matter's history, facts for evidence."""

    text: str = ""
    noted: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def number_for(prefix: str, organisation_id: UUID) -> str:
    """A readable number: prefix, the code of the organisation's area, the day, a serial of that organisation."""
    day = clock.now().astimezone(get_default_timezone()).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO centres_command_commandserial (organisation, day, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (organisation, day) DO UPDATE SET last = centres_command_commandserial.last + 1 RETURNING last",
            [organisation_id, day],
        )
        serial = cursor.fetchone()[0]
    area = areas.area(organisations.organisation(organisation_id).area_id)
    line = organisations.organisation(organisation_id).code.split("/")[-1]
    shown = "" if line == organisations.COMMAND_CENTRE else f"-{line}"
    return f"{prefix}{area.code}{shown}-{day:%Y%m%d}-{serial:02d}"


def entry(by: By, step: Verb, text: str, at: datetime, **of: Any) -> None:
    """A line of what was done; `of` is call= or task=."""
    CommandEntry.objects.create(
        step=step.value, at=at, organisation_name=name_of(by.organisation), who=by.label,
        on_behalf_of=by.on_behalf_of, text=text, **of,
    )  # fmt: skip


def name_of(organisation_id: UUID | None) -> str:
    """The name of today: rows keep it."""
    return organisations.organisation(organisation_id).name if organisation_id else ""


def moment(at: datetime) -> str:
    """A moment in a sentence that is kept: the same words for whoever reads it, whenever."""
    return f"{at.astimezone(get_default_timezone()):%m-%d %H:%M}"


def area_columns(lineage: Iterable[UUID | None]) -> dict[str, UUID | None]:
    """The five level columns, from the city down."""
    names = ("city_id", "district_id", "town_id", "village_id", "grid_id")
    return dict(zip(names, [*lineage, None, None, None, None], strict=False))


def areas_of(row: Whistle | Task) -> tuple[UUID, ...]:
    """The areas told of a change: town and district."""
    return tuple(area for area in (row.town_id, row.district_id) if area)


def remember_call(call: WhistleCall, step: CallStep, told: Told, *, by: By, at: datetime) -> tuple[Event, ...]:
    """The line of the call and that of the matter; the events to publish."""
    entry(by, step, told.text, at, call=call)
    whistle = call.whistle
    changed = CallChanged(
        call=call.id, number=whistle.number, organisation=call.organisation, step=step, state=CallState(call.state),
        matter=whistle.matter_id, areas=areas_of(whistle),
    )  # fmt: skip
    return (changed, *note(by, whistle.matter_id, _matter_step(step), told.noted))


def _matter_step(step: CallStep) -> execution.Step:
    """The called report back; everything else is part of the whistle."""
    answers = (CallStep.ACCEPT, CallStep.DECLINE, CallStep.ARRIVE, CallStep.HELP)
    return execution.Step.REPORT_BACK if step in answers else execution.Step.WHISTLE


def remember_task(task: Task, step: TaskStep, told: Told, *, by: By, at: datetime) -> tuple[Event, ...]:
    """The same for a task."""
    entry(by, step, told.text, at, task=task)
    changed = TaskChanged(
        task=task.id, number=task.number, organisation=task.organisation, step=step, state=TaskState(task.state),
        matter=task.matter_id, areas=areas_of(task),
    )  # fmt: skip
    answers = (TaskStep.REPORT_BACK, TaskStep.COMPLETE, TaskStep.TURN_DOWN)
    of_matter = execution.Step.REPORT_BACK if step in answers else execution.Step.ASSIST
    return (changed, *note(by, task.matter_id, of_matter, told.noted))


def note(by: By, matter_id: UUID | None, step: execution.Step, text: str) -> tuple[Event, ...]:
    """A line in the history of the matter, when there is one and something to say; its event."""
    if matter_id is None or not text:
        return ()
    return (execution.note_on_matter(by=by, matter_id=matter_id, step=step, text=text).event,)


def outcome(view: Any, subject: Subject, step: Verb, told: Told, events: tuple[Event, ...]) -> Outcome[Any]:
    """What @action remembers: the step and its facts; what was said stays erasable beside it."""
    return Outcome(
        view,
        subject=subject,
        facts={"step": step.value, **told.facts},
        personal={"text": told.text} if told.text else None,
        events=events,
    )
