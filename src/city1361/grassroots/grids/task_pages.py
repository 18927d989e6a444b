"""The town's desk for grid tasks: what runs, issuing from the list, temporary tasks and their 准入."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Refused, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Level, Scope
from city1361.base.ui import api as ui
from city1361.grassroots.grids import api
from city1361.grassroots.grids.task_forms import DecisionForm, ItemForm, TemporaryForm
from city1361.grassroots.grids.terms import KIND_LABELS, STATE_LABELS, GridTaskState, Permission
from city1361.platform.assurance.standards.areas import api as areas

MARKS = {GridTaskState.REQUESTED: "pressing", GridTaskState.RUNNING: "", GridTaskState.REFUSED: "done"}


@endpoint(Permission.FOLLOW_TASK)
@require_GET
def grid_tasks(request: Any) -> HttpResponse:
    """The tasks of my towns, newest first; what waits for 准入 stands on top."""
    lines = [_line(task) for task in api.tasks(request.scope)]
    lines.sort(key=lambda line: line["task"].state is not GridTaskState.REQUESTED)
    context = {"lines": lines, "may_issue": _may_issue(request.scope)}
    return render(request, "grassroots_grids/town_tasks.html", context)


def _may_issue(scope: Scope) -> bool:
    return scope.allows(Permission.ISSUE_TASK) and len(_towns(scope)) == 1


def _towns(scope: Scope) -> list[UUID]:
    return [area.id for area in scope.areas if area.level is Level.TOWN]


def _line(task: api.TaskView) -> dict[str, Any]:
    late = task.state is GridTaskState.RUNNING and task.due_at <= clock.now() and task.done < task.total
    return {
        "task": task,
        "kind": _(KIND_LABELS[task.kind]),
        "state": _("超时") if late else _(STATE_LABELS[task.state]),
        "mark": "late" if late else MARKS.get(task.state, "done"),
        "address": reverse("grid_task", args=[task.id]),
    }


@endpoint(Permission.FOLLOW_TASK, about="grid_task")
@require_GET
def grid_task(request: Any, pk: UUID) -> HttpResponse:
    """One task: what it asks, how far each grid is, and what may be decided."""
    return _task(request, pk, DecisionForm(), 200)


def _task(request: Any, task_id: UUID, form: DecisionForm, status: int) -> HttpResponse:
    found = api.task(request.scope, task_id)
    requested = found.state is GridTaskState.REQUESTED
    own = found.asked_by is not None and found.asked_by == request.by.account
    approves = requested and request.scope.allows(Permission.APPROVE_TASK)
    context = {
        **_line(found),
        "tag": api.tags().get(found.tag, ""),
        "grids": api.progress_by_grid(request.scope, task_id),
        "may_decide": approves and not own,
        "own_request": approves and own,
        "may_end": found.state is GridTaskState.RUNNING and _may_issue(request.scope),
        "form": form,
    }
    return render(request, "grassroots_grids/town_task.html", context, status=status)


@endpoint(Permission.APPROVE_TASK, Permission.ISSUE_TASK, about="grid_task")
@require_POST
def decide_grid_task(request: Any, pk: UUID) -> HttpResponse:
    """准入, 不予准入 or 结束."""
    api.task(request.scope, pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _task(request, pk, form, 422)
    given = form.cleaned_data
    common = {"by": request.by, "task_id": pk, "expected_version": given["version"]}
    try:
        if given["decision"] == "approve":
            api.temporary_task_approve(**common)
            messages.success(request, _("已准入，任务已下达到网格。"))
        elif given["decision"] == "refuse":
            api.temporary_task_refuse(**common, reason=given["reason"])
            messages.success(request, _("已不予准入。"))
        else:
            api.task_end(**common)
            messages.success(request, _("任务已结束。"))
    except (Conflict, Stale, Refused) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _task(request, pk, form, problem.status)
    return HttpResponseRedirect(reverse("grid_task", args=[pk]))


@endpoint(Permission.ISSUE_TASK)
@require_http_methods(["GET", "POST"])
def issue_grid_task(request: Any) -> HttpResponse:
    """Issue an item of the list."""

    def send(given: dict[str, Any], key: str) -> UUID:
        return api.task_issue(
            by=request.by, item=given["item"], due_at=given["due"], villages=given["villages"], client_key=key
        )

    return _issue(request, ItemForm, send, temporary=False)


@endpoint(Permission.ISSUE_TASK)
@require_http_methods(["GET", "POST"])
def request_grid_task(request: Any) -> HttpResponse:
    """Ask for a temporary task."""

    def send(given: dict[str, Any], key: str) -> UUID:
        due_at = given.pop("due")
        return api.temporary_task_request(by=request.by, due_at=due_at, client_key=key, **given)

    return _issue(request, TemporaryForm, send, temporary=True)


def _issue(
    request: Any,
    kind: type[ItemForm] | type[TemporaryForm],
    send: Callable[[dict[str, Any], str], UUID],
    *,
    temporary: bool,
) -> HttpResponse:
    villages = [(str(area.id), area.short_name) for town in _towns(request.scope) for area in areas.children(town)]
    if request.method == "GET":
        return _issue_form(request, kind(villages=villages), temporary, 200)
    form: forms.Form = kind(request.POST, villages=villages)
    if not form.is_valid():
        return _issue_form(request, form, temporary, 422)
    try:
        made = send(form.cleaned_data, request.POST.get("key", "")[:64])
    except (Conflict, Invalid) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _issue_form(request, form, temporary, problem.status)
    messages.success(request, _("已提出，等待指挥长准入。") if temporary else _("已下达到网格。"))
    return HttpResponseRedirect(reverse("grid_task", args=[made]))


def _issue_form(request: Any, form: forms.Form, temporary: bool, status: int) -> HttpResponse:
    optional = [name for name, field in form.fields.items() if not field.required and name != "villages"]
    context = {"form": form, "temporary": temporary, "key": new_id(), "optional": optional, "items": api.items()}
    return render(request, "grassroots_grids/issue_task.html", context, status=status)


urlpatterns = [
    path("grids/tasks/", grid_tasks, name="grid_tasks"),
    path("grids/tasks/new/", issue_grid_task, name="issue_grid_task"),
    path("grids/tasks/temporary/", request_grid_task, name="request_grid_task"),
    path("grids/tasks/<uuid:pk>/", grid_task, name="grid_task"),
    path("grids/tasks/<uuid:pk>/decide/", decide_grid_task, name="decide_grid_task"),
]
