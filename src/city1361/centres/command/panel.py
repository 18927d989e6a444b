"""What the page of a matter shows of its whistles and tasks: one strip for all who were called, and two buttons."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.command import presentation, reading
from city1361.centres.command.tasking import OPEN_FOR_TASKS
from city1361.centres.command.terms import Permission
from city1361.centres.execution import api as execution


def draw(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """The box 叫应: each called organisation with its four states, each task with its clock. Empty without any."""
    if not scope.allows(Permission.READ_COMMAND):
        return ""
    found = reading.of_matter(scope=scope, by=by, matter_id=matter.id)
    if not found.calls and not found.tasks:
        return ""
    context = {"lines": presentation.lines(found.calls, found.tasks), "count": len(found.calls) + len(found.tasks)}
    return render_to_string("centres_command/panel.html", context)


def call_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where a call of this matter that waits for one's own organisation is answered, dispatched or judged."""
    if not scope.allows(Permission.READ_COMMAND):
        return ""
    waiting = reading.call_of_matter(scope=scope, by=by, matter_id=matter.id)
    return reverse("call", args=[waiting]) if waiting else ""


def own_task_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where an assisting task of one's own is done."""
    if not scope.allows(Permission.DO_TASK):
        return ""
    waiting = reading.task_of_matter(scope=scope, by=by, matter_id=matter.id)
    return reverse("task", args=[waiting]) if waiting else ""


def whistle_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where a whistle for this matter is blown, for those who may."""
    if not (scope.allows(Permission.BLOW_WHISTLE) and matter.state.is_open and by.organisation):
        return ""
    return f"{reverse('whistle_new')}?matter={matter.id}"


def task_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where an assisting task is given: by the unit that leads, or the first receiver."""
    if not (scope.allows(Permission.GIVE_TASK) and matter.state in OPEN_FOR_TASKS):
        return ""
    lead = matter.lead.organisation.id if matter.lead else None
    if by.organisation not in (lead, matter.first_receiver.id):
        return ""
    return f"{reverse('task_new')}?matter={matter.id}"
