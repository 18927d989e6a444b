"""The pages of command: what waits for my organisation, one call, one task, and their steps."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.base.ui import api as ui
from city1361.centres.command import api, presentation
from city1361.centres.command.forms import StepForm, TaskForm, WhistleForm
from city1361.centres.command.step_taking import posts_for, reach_for, take_call, take_task
from city1361.centres.command.terms import Box, CallState, CallStep, Permission, TaskStep
from city1361.centres.execution import api as execution

Kind = TypeVar("Kind", CallStep, TaskStep)
READ = Permission.READ_COMMAND
CALL_STEPS = (Permission.ANSWER_CALL, Permission.BLOW_WHISTLE, Permission.DISPATCH_CALL)
TASK_STEPS = (Permission.DO_TASK, Permission.GIVE_TASK)


@endpoint(READ)
@require_GET
def board(request: Any) -> HttpResponse:
    """Calls and tasks of my organisation, in three boxes."""
    wanted = request.GET.get("box", "")
    counted = api.waiting(scope=request.scope, by=request.by)
    usual = Box.WAITING if counted.waiting or not counted.sent else Box.SENT
    box = Box(wanted) if wanted in set(Box) else usual
    cursors = {name: request.GET.get(name, "") for name in ("calls", "tasks")}
    found = api.box(scope=request.scope, by=request.by, box=box, **cursors)
    numbers = {Box.WAITING: counted.waiting, Box.SENT: counted.sent}
    later = {"calls": found.next_calls, "tasks": found.next_tasks}
    context = {
        "tabs": [
            {"label": _(label), "count": numbers.get(one), "current": one is box, "address": f"?box={one.value}"}
            for one, label in api.BOX_LABELS.items()
        ],
        "overdue": counted.overdue,
        "lines": presentation.lines(found.calls, found.tasks, mine=request.by.organisation),
        "more": f"?{urlencode({'box': box.value, **{k: v for k, v in later.items() if v}})}"
        if any(later.values())
        else "",
        "may_whistle": request.scope.allows(Permission.BLOW_WHISTLE),
    }
    return render(request, "centres_command/board.html", context)


@endpoint(READ, about="call")
@require_GET
def call(request: Any, pk: UUID) -> HttpResponse:
    """One call; for the called organisation it is read by that."""
    found = api.call(scope=request.scope, by=request.by, call_id=pk)
    mine = found.organisation.id == request.by.organisation
    if found.state is CallState.DELIVERED and mine and request.scope.allows(Permission.ANSWER_CALL):
        api.call_answer(by=request.by, call_id=pk, step=CallStep.LOOK)
        found = api.call(scope=request.scope, by=request.by, call_id=pk)
    return _call_page(request, found)


@endpoint(READ, about="task")
@require_GET
def task(request: Any, pk: UUID) -> HttpResponse:
    """One task."""
    return _task_page(request, api.task(scope=request.scope, by=request.by, task_id=pk))


@endpoint(*CALL_STEPS, about="call")
@require_http_methods(["GET", "POST"])
def call_step(request: Any, pk: UUID, call_step: str) -> HttpResponse:
    """A step of a call: its form, and taking it."""
    found = api.call(scope=request.scope, by=request.by, call_id=pk)
    step = _step(CallStep, call_step)
    form = StepForm(step, request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _call_page(request, found, step, form)
    try:
        take_call(request.by, pk, step, form.cleaned_data)
    except (Conflict, Refused, Invalid) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _call_page(request, found, step, form, problem.status)
    return _done(request, _(api.CALL_STEP_LABELS[step]), reverse("call", args=[pk]))


@endpoint(*TASK_STEPS, about="task")
@require_http_methods(["GET", "POST"])
def task_step(request: Any, pk: UUID, task_step: str) -> HttpResponse:
    """A step of a task: its form, and taking it."""
    found = api.task(scope=request.scope, by=request.by, task_id=pk)
    step = _step(TaskStep, task_step)
    reach, posts = reach_for(request.by, request.scope, found, step), posts_for(request.by, step)
    form = StepForm(step, request.POST or None, reach=reach, posts=posts)
    if request.method == "GET" or not form.is_valid():
        return _task_page(request, found, step, form)
    try:
        take_task(request.by, pk, step, form.cleaned_data)
    except (Conflict, Refused, Invalid) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _task_page(request, found, step, form, problem.status)
    return _done(request, _(api.TASK_STEP_LABELS[step]), reverse("task", args=[pk]))


@endpoint(Permission.BLOW_WHISTLE)
@require_http_methods(["GET", "POST"])
def whistle_new(request: Any) -> HttpResponse:
    """Blow a whistle for a matter (`?matter=`), or for one's own area without one."""
    matter = _matter(request)
    reach = api.reach_of_whistle(request.by.organisation) if request.by.organisation else []
    form = WhistleForm(reach, request.POST or None, about_area=matter is None)
    if request.method == "POST" and form.is_valid():
        about = (
            {"matter_id": matter.id} if matter else {"area_id": _own_area(request), "title": form.cleaned_data["title"]}
        )
        called = [UUID(one) for one in form.cleaned_data["called"]]
        try:
            made = api.whistle_blow(by=request.by, client_key=_key(request), called=called, demand=form.cleaned_data["demand"], **about)  # fmt: skip
        except (Conflict, Refused, Invalid) as problem:
            form.add_error(None, ui.problem_words(problem))
        else:
            back = reverse("matter", args=[matter.id]) if matter else reverse("call", args=[made.calls[0].id])
            return _done(request, _("吹哨"), back)
    return _new(request, _("吹哨"), matter, form)


@endpoint(Permission.GIVE_TASK)
@require_http_methods(["GET", "POST"])
def task_new(request: Any) -> HttpResponse:
    """Give an assisting task for a matter (`?matter=`)."""
    matter = _matter(request)
    if matter is None:
        raise Invalid("matter_needed", "没有指明事件", where="matter", remedy="请从事件页面进入")
    if request.by.organisation is None:
        raise Missing()
    form = TaskForm(api.reach_of_task(request.by.organisation, matter), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            api.task_give(
                by=request.by, client_key=_key(request), matter_id=matter.id,
                organisation=UUID(given["organisation"]), demand=given["demand"],
            )  # fmt: skip
        except (Conflict, Refused, Invalid) as problem:
            form.add_error(None, ui.problem_words(problem))
        else:
            return _done(request, _("交办任务"), reverse("matter", args=[matter.id]))
    return _new(request, _("追加协办"), matter, form)


def _matter(request: Any) -> execution.MatterView | None:
    """The matter the address names; an unreadable or invisible one is missing."""
    named = request.GET.get("matter", "")
    if not named:
        return None
    try:
        return execution.matter(scope=request.scope, by=request.by, matter_id=UUID(named))
    except ValueError as error:
        raise Missing() from error


def _own_area(request: Any) -> UUID:
    area = next(iter(sorted(request.scope.areas)), None)
    if area is None:
        raise Missing()
    return UUID(str(area.id))


def _key(request: Any) -> str:
    return str(request.POST.get("key", ""))[:64]


def _step(kind: type[Kind], name: str) -> Kind:
    """A step by its name. Raises Missing for one nobody takes by hand."""
    if name not in set(kind) or kind(name) not in api.NEEDS:
        raise Missing()
    return kind(name)


def _new(request: Any, heading: str, matter: execution.MatterView | None, form: Any) -> HttpResponse:
    back = reverse("matter", args=[matter.id]) if matter else reverse("command")
    context = {"heading": heading, "about": matter.title if matter else "", "form": form, "key": new_id(), "back": back}
    return render(request, "centres_command/new.html", context, status=422 if form.errors else 200)


def _done(request: Any, what: str, address: str) -> HttpResponse:
    messages.success(request, _("已办理：{step}").format(step=what))
    return HttpResponseRedirect(address)


def _call_page(
    request: Any, found: api.CallView, step: CallStep | None = None, form: StepForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "line": presentation.call_line(found),
        "heading": found.title,
        "number": found.number,
        "facts": presentation.call_facts(found),
        "timeline": presentation.timeline(found.entries, still_open=found.state.is_open),
        "steps": _buttons(found.steps, api.CALL_STEP_LABELS, "call_step", found.id, step),
        "matter": found.matter,
        "form": form,
        "submit": _(api.CALL_STEP_LABELS[step]) if step else "",
        "cancel": reverse("call", args=[found.id]),
    }
    return render(request, "centres_command/one.html", context, status=_status(form, status))


def _task_page(
    request: Any, found: api.TaskView, step: TaskStep | None = None, form: StepForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "line": presentation.task_line(found),
        "heading": found.title,
        "number": found.number,
        "facts": presentation.task_facts(found),
        "timeline": presentation.timeline(found.entries, still_open=found.state.is_open),
        "steps": _buttons(found.steps, api.TASK_STEP_LABELS, "task_step", found.id, step),
        "matter": found.matter,
        "form": form,
        "submit": _(api.TASK_STEP_LABELS[step]) if step else "",
        "cancel": reverse("task", args=[found.id]),
    }
    return render(request, "centres_command/one.html", context, status=_status(form, status))


def _status(form: StepForm | None, status: int) -> int:
    return 422 if form is not None and form.errors and status == 200 else status


def _buttons(steps: Any, labels: Any, page: str, pk: UUID, taking: Any) -> list[dict[str, Any]]:
    return [
        {
            "label": _(labels[step]),
            "address": reverse(page, args=[pk, step.value]),
            "primary": place == 0,
            "open": step is taking,
        }
        for place, step in enumerate(steps)
    ]


urlpatterns = [
    path("", board, name="command"),
    path("whistles/new/", whistle_new, name="whistle_new"),
    path("tasks/new/", task_new, name="task_new"),
    path("calls/<uuid:pk>/", call, name="call"),
    path("calls/<uuid:pk>/<slug:call_step>/", call_step, name="call_step"),
    path("tasks/<uuid:pk>/", task, name="task"),
    path("tasks/<uuid:pk>/<slug:task_step>/", task_step, name="task_step"),
]
