"""The one place where calls and tasks become to-dos of an inbox: whoever has the next move has one, nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from city1361.base.kernel.by import By
from city1361.centres.command.models import Placed, Task, WhistleCall
from city1361.centres.command.terms import CallState, CallStep, TaskState, TaskStep
from city1361.platform.components.processes import api as processes

CALL, TASK = "whistle_call", "assisting_task"
KINDS = (
    processes.Kind("whistle_answer", "吹哨待报到"),
    processes.Kind("whistle_help", "吹哨待支援"),
    processes.Kind("whistle_decide", "吹哨待决定"),
    processes.Kind("whistle_dispatch", "吹哨待调度"),
    processes.Kind("whistle_rate", "支援待评价"),
    processes.Kind("assisting_task", "协办任务"),
)
# Steps after which the same one has the next move.
QUIET_CALL_STEPS = frozenset({CallStep.LOOK, CallStep.RATE_WHISTLE, CallStep.ARRIVE})
QUIET_TASK_STEPS = frozenset({TaskStep.REPORT_BACK, TaskStep.CC, TaskStep.ACKNOWLEDGE})


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose move it is, what it is, and until when."""

    kind: str
    organisation: UUID
    post: str = ""
    due_at: datetime | None = None
    amber_at: datetime | None = None


def register_kinds() -> None:
    """Tell the inbox which kinds there are."""
    for kind in KINDS:
        processes.register_work_item_kind(kind)


def area_of(row: Placed) -> processes.AreaColumns:
    """Where a row stands, as work items keep it."""
    return processes.AreaColumns(row.city_id, row.district_id, row.town_id, row.village_id, row.grid_id)


def open_call(by: By, call: WhistleCall) -> None:
    """The called organisation has it to answer."""
    turn = call_turn(call)
    if turn is None:
        return
    _open(by, turn, call.whistle, CALL, call.id)


def move_call(by: By, call: WhistleCall, step: CallStep) -> None:
    """A step was taken: the to-do goes on to whoever has it now, or ends."""
    if step in QUIET_CALL_STEPS:
        return
    processes.work_item_close(by, subject_id=call.id)
    open_call(by, call)


def call_turn(call: WhistleCall) -> Turn | None:
    """Whose move a call is."""
    state, whistle = CallState(call.state), call.whistle
    if state in (CallState.DELIVERED, CallState.READ):
        return Turn("whistle_answer", call.organisation, "", call.due_at, call.amber_at)
    if state in (CallState.ACCEPTED, CallState.ORDERED, CallState.ARRIVED):
        return Turn("whistle_help", call.organisation, "", call.arrive_by)
    if state is CallState.AWAITING_DISPATCH and whistle.centre:
        return Turn("whistle_dispatch", whistle.centre)
    if state is CallState.DECLINED:
        return Turn("whistle_decide", whistle.caller)
    if state is CallState.HELPED and not call.help_grade:
        return Turn("whistle_rate", whistle.caller)
    return None


def open_task(by: By, task: Task) -> None:
    """The assisting unit has it to do."""
    if not TaskState(task.state).is_open:
        return
    turn = Turn("assisting_task", task.organisation, task.post, task.due_at, task.amber_at)
    _open(by, turn, task, TASK, task.id)


def move_task(by: By, task: Task, step: TaskStep) -> None:
    """A step was taken: the to-do goes on, or ends."""
    if step in QUIET_TASK_STEPS:
        return
    processes.work_item_close(by, subject_id=task.id, withdrawn=step is TaskStep.TAKE_BACK)
    open_task(by, task)


def _open(by: By, turn: Turn, row: Placed, subject_kind: str, subject_id: UUID) -> None:
    page = "call" if subject_kind == CALL else "task"
    new = processes.WorkItemNew(
        kind=turn.kind,
        title=row.title,  # type: ignore[attr-defined]
        holder=processes.WorkItemHolder(turn.organisation, turn.post),
        area=area_of(row),
        subject_kind=subject_kind,
        subject_id=subject_id,
        address=reverse(page, args=[subject_id]),
        due_at=turn.due_at,
        amber_at=turn.amber_at,
    )
    processes.work_item_open(by, new)
