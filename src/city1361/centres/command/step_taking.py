"""From the form of a step to the action that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.timezone import get_default_timezone, is_naive, make_aware

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.command import api
from city1361.centres.command.decisions import SIDE_OF, Side
from city1361.centres.command.terms import CallStep, TaskStep
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.organisations import api as organisations

CALL_ACTIONS = {
    Side.CALLED: api.call_answer,
    Side.CALLER: api.call_follow,
    Side.DISPATCHER: api.call_dispatch,
}
TASK_ACTIONS = {Side.DOER: api.task_do, Side.GIVER: api.task_follow}


def take_call(by: By, call_id: UUID, step: CallStep, answers: Mapping[str, Any]) -> api.CallView:
    """Take a step of a call. Raises what the actions raise."""
    values = dict(answers)
    moment = values.get("arrive_by")
    if moment is not None and is_naive(moment):
        values["arrive_by"] = make_aware(moment, get_default_timezone())
    return CALL_ACTIONS[SIDE_OF[step]](by=by, call_id=call_id, step=step, given=api.Answer(**values))


def take_task(by: By, task_id: UUID, step: TaskStep, answers: Mapping[str, Any]) -> api.TaskView:
    """Take a step of a task. Raises what the actions raise."""
    values: dict[str, Any] = {
        name: UUID(value) if name in ("organisation", "post") else value for name, value in answers.items()
    }
    return TASK_ACTIONS[SIDE_OF[step]](by=by, task_id=task_id, step=step, given=api.TaskAnswer(**values))


def reach_for(by: By, scope: Scope, task: api.TaskView, step: TaskStep) -> Sequence[api.Choice]:
    """The organisations a task can be handed on to, or that can be told of it."""
    if step not in (TaskStep.TRANSFER, TaskStep.CC) or by.organisation is None:
        return ()
    matter = execution.matter(scope=scope, by=by, matter_id=task.matter)
    return api.reach_of_task(by.organisation, matter)


def posts_for(by: By, step: TaskStep) -> list[tuple[str, str]]:
    """The other posts of one's own unit."""
    if step is not TaskStep.DELEGATE or by.organisation is None:
        return []
    return [(str(post.id), post.name) for post in organisations.posts_of(by.organisation) if post.code != by.post]
