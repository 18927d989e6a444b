"""The desk: what waits for me, one matter with everything about it, its steps, and the search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.ui import api as ui
from city1361.centres.execution import api, case
from city1361.centres.execution.decisions import NEEDS
from city1361.centres.execution.duplicates import merge_pages
from city1361.centres.execution.entry import intake_pages
from city1361.centres.execution.external import ticket_pages
from city1361.centres.execution.forms import StepForm
from city1361.centres.execution.listings import list_pages
from city1361.centres.execution.steps.step_taking import Told, take
from city1361.centres.execution.terms import (
    PERMISSION_OF,
    STEP_LABELS,
    TAB_LABELS,
    Due,
    Permission,
    Step,
    Tab,
)

READ = Permission.READ_MATTER
STEPS = frozenset(permission for step, permission in PERMISSION_OF.items() if step is not Step.REPORT)


@dataclass(frozen=True, slots=True)
class View:
    """Which list stands beside the matter: it is kept in the address, so a link leads to the same view."""

    tab: str = Tab.TODO
    due: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, request: Any) -> View:
        return cls(*(request.GET.get(name, "") for name in ("tab", "due", "cursor"))).known()

    def known(self) -> View:
        """An unknown tab or filter counts as none: an old link still opens."""
        tab = self.tab if self.tab in set(Tab) else Tab.TODO
        return View(tab, self.due if self.due in set(Due) else "", self.cursor)

    def address(self, to: str, **changed: str) -> str:
        """`to` with this view, some of it changed."""
        values = {"tab": self.tab, "due": self.due, "cursor": self.cursor, **changed}
        kept = {name: value for name, value in values.items() if value and (name, value) != ("tab", Tab.TODO)}
        return f"{to}?{urlencode(kept)}" if kept else to


@endpoint(READ)
@require_GET
def desk(request: Any) -> HttpResponse:
    """My list; where there is room, its first matter beside it."""
    return _desk(request, None)


@endpoint(READ, about="matter")
@require_GET
def matter(request: Any, matter_id: UUID) -> HttpResponse:
    """One matter beside my list."""
    return _desk(request, matter_id)


def _desk(request: Any, matter_id: UUID | None, step: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """The whole page. The matter opened beside a list without being asked for is the list's first."""
    view = View.of(request)
    page = api.my_list(scope=request.scope, by=request.by, tab=view.tab, due=view.due, cursor=view.cursor or None)
    opened = matter_id or (page.rows[0].id if page.rows else None)
    context = {
        **_list_context(request, view, page, opened),
        "opened": matter_id is not None,
        "case": None,
        "ticket": case.ticket(request.scope, opened),
        **(step or {}),
    }
    if opened:
        shown = case.case(request.by, request.scope, opened, view.address, (step or {}).get("taking"))
        context["case"] = shown
    return render(request, "centres_execution/desk.html", context, status=status)


def _list_context(request: Any, view: View, page: api.MatterPage, opened: UUID | None) -> dict[str, Any]:
    counted = api.counts(scope=request.scope, by=request.by)
    home = reverse("desk")
    numbers = {Tab.TODO: counted.todo, Tab.DOING: counted.doing}
    tabs = [
        {
            "label": _(label),
            "count": numbers.get(tab),
            "current": tab == view.tab,
            "address": View(tab).address(home),
        }
        for tab, label in TAB_LABELS.items()
    ]
    chips = [
        (_("不限期限"), ""),
        (_("2小时内到期{count}").format(count=f" {counted.soon}"), Due.SOON),
        (_("超时{count}").format(count=f" {counted.overdue}"), Due.OVERDUE),
    ]
    return {
        "tabs": tabs,
        "chips": [
            {"label": label, "current": view.due == due, "address": view.address(home, due=due, cursor="")}
            for label, due in chips
        ],
        "items": case.items(page.rows, lambda one: view.address(reverse("matter", args=[one])), opened),
        "more": view.address(home, cursor=page.next_cursor) if page.next_cursor else "",
        "back": view.address(home),
        "nothing": case.nothing(Tab(view.tab), filtered=bool(view.due)),
    }


@endpoint(*STEPS, about="matter")
@require_http_methods(["GET", "POST"])
def step(request: Any, matter_id: UUID, name: str) -> HttpResponse:
    """The form of a step beside the matter, and taking it. Raises Missing for a step that does not exist."""
    if name not in PERMISSION_OF or name == Step.REPORT:
        raise Missing()
    wanted = Step(name)
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    offered = api.available_steps(by=request.by, scope=request.scope, matter=found)
    now = next((one for one in offered if one.step is wanted), None)
    if request.method == "GET" and now is None:
        return HttpResponseRedirect(View.of(request).address(reverse("matter", args=[matter_id])))
    described = now or api.AvailableStep(wanted, STEP_LABELS[wanted], False, *NEEDS[wanted])

    def choices(field: str) -> list[api.Choice]:
        return api.step_choices(scope=request.scope, matter_id=matter_id, field=field)

    if request.method == "GET":
        form = StepForm(described, choices=choices, initial=_proposed(request, found, described))
        return _form(request, found, described, form, possible=True)
    return _take(
        request, found, described, StepForm(described, request.POST, choices=choices), possible=now is not None
    )


def _proposed(request: Any, found: api.MatterView, described: api.AvailableStep) -> dict[str, Any]:
    """What the form is filled with: the result that was asked for, the unit that was ruled to be responsible before."""
    proposed: dict[str, Any] = {"result": found.requested_result}
    if not {"handler_post", "party"} & set(described.needs):
        return proposed
    for one in api.rulings_offered(scope=request.scope, matter_id=found.id)[:1]:
        proposed["handler_post"] = str(one.post or "")
        proposed["party"] = f"post:{one.post}" if one.post else f"centre:{one.organisation_id}"
    return proposed


def _rulings(request: Any, found: api.MatterView, described: api.AvailableStep) -> list[api.RulingView]:
    """Precedents, where somebody is about to say who is responsible."""
    if not {"handler_post", "party", "lower_centre"} & set(described.needs):
        return []
    return api.rulings_offered(scope=request.scope, matter_id=found.id)


def _take(
    request: Any, found: api.MatterView, described: api.AvailableStep, form: StepForm, *, possible: bool
) -> HttpResponse:
    if not form.is_valid():
        return _form(request, found, described, form, possible=possible, status=422)
    try:
        key, uploads = request.POST.get("key", "")[:64], request.FILES.getlist("photos")
        take(request.by, found.id, described, Told(_version(request), key, form.cleaned_data, uploads))
    except Stale as stale:
        return _form(request, found, described, form, possible=possible, changes=stale.changes, status=412)
    except (Conflict, Refused, Invalid) as problem:
        form.add_error(problem.where if problem.where in form.fields else None, ui.problem_words(problem))
        return _form(request, found, described, form, possible=possible, status=problem.status)
    messages.success(request, _("已办理：{step}").format(step=_(STEP_LABELS[described.step])))
    return HttpResponseRedirect(View.of(request).address(reverse("matter", args=[found.id])))


def _version(request: Any) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError as error:
        raise Invalid("bad_version", "缺少事件版本", where="version", remedy="请刷新页面后重新填写") from error


def _form(
    request: Any,
    found: api.MatterView,
    described: api.AvailableStep,
    form: StepForm,
    *,
    possible: bool,
    changes: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk with the step's form open. A stale form keeps what was typed and goes on from the newest version."""
    view = View.of(request)
    opened = {
        "label": _(STEP_LABELS[described.step]),
        "submit": _("提交") if described.needs else _("确认{step}").format(step=_(STEP_LABELS[described.step])),
        "address": view.address(reverse("step", args=[found.id, described.step.value])),
        "cancel": view.address(reverse("matter", args=[found.id])),
        "draft": f"{found.id}-{described.step}",
        "version": found.version,
        "key": new_id(),
        "changes": changes,
        "still_possible": possible,
        "optional": described.may,
        "rulings": _rulings(request, found, described),
        "asked": case.asked(request.scope, found.id) if described.step in case.DECIDING else None,
    }
    return _desk(request, found.id, {"step": opened, "form": form, "taking": described.step}, status)


urlpatterns = [
    *list_pages.urlpatterns,
    *ticket_pages.urlpatterns,
    *intake_pages.urlpatterns,
    *merge_pages.urlpatterns,
    path("", desk, name="desk"),
    path("matters/<uuid:matter_id>/", matter, name="matter"),
    path("matters/<uuid:matter_id>/steps/<slug:name>/", step, name="step"),
]
