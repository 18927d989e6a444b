"""My grid, its households, and my tasks merged per household."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from city1361.base.files import api as files
from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Level, Scope
from city1361.base.ui import api as ui
from city1361.grassroots.grids import api
from city1361.grassroots.grids.task_forms import VisitForm, findings_of
from city1361.grassroots.grids.terms import (
    FINDING_LABELS,
    GRID_LABELS,
    KIND_LABELS,
    PLACE_LABELS,
    ROLE_LABELS,
    VISIT_PHOTO,
    Permission,
)
from city1361.platform.assurance.standards.areas import api as areas


@endpoint(Permission.READ_GRID)
@require_GET
def my_grid(request: Any) -> HttpResponse:
    """My own grid; for those who serve a town, its grids to choose from."""
    mine = api.own_grids(request.scope)
    if len(mine) == 1:
        return _grid(request, mine[0])
    return render(request, "grassroots_grids/grids.html", {"groups": _groups(request.scope, mine)})


def _groups(scope: Scope, mine: list[UUID]) -> list[dict[str, Any]]:
    """Grids to choose from, by village: those served by appointment, else those of the town."""
    towns = [area.id for area in scope.areas if area.level is Level.TOWN]
    below = [area.id for town in towns for village in areas.children(town) for area in areas.children(village.id)]
    lineages = areas.lineages(mine or below)
    groups: dict[str, list[dict[str, Any]]] = {}
    for lineage in sorted(lineages.values(), key=lambda one: one.lowest.code):
        if lineage.grid is None:
            continue
        village = lineage.village.short_name if lineage.village else lineage.grid.short_name
        groups.setdefault(village, []).append({"id": lineage.grid.id, "name": lineage.grid.short_name})
    return [{"name": name, "grids": grids} for name, grids in groups.items()]


@endpoint(Permission.READ_GRID, about="grid")
@require_GET
def grid(request: Any, pk: UUID) -> HttpResponse:
    """A grid: where it lies, of which kind it is, its team, and what it holds."""
    return _grid(request, pk)


def _grid(request: Any, grid_id: UUID) -> HttpResponse:
    found = api.grid(request.scope, grid_id)
    team: dict[str, list[api.MemberView]] = {}
    for member in found.team:
        team.setdefault(_(ROLE_LABELS[member.role]), []).append(member)
    places: dict[str, list[api.PlaceRow]] = {}
    for one in api.places(request.scope, grid_id):
        places.setdefault(_(PLACE_LABELS[one.kind]), []).append(one)
    context = {
        "grid": found,
        "kind": _(GRID_LABELS[found.kind]),
        "team": team.items(),
        "places": places.items(),
        "map": _map(grid_id),
        "may_read_people": request.scope.allows(Permission.READ_PERSON),
        "own": grid_id in api.own_grids(request.scope),
        "waiting": api.open_stops(request.scope),
    }
    return render(request, "grassroots_grids/grid.html", context)


def _map(grid_id: UUID) -> ui.PlaceMap:
    """The grid among its neighbours, and where they lie in the district."""
    lineage = areas.lineage(grid_id)
    above = lineage.village or lineage.town or lineage.city
    drawn = areas.outline_of_children(above.id)
    shapes = [ui.SketchShape(one.path, own=one.area.id == grid_id) for one in drawn.outlines]
    caption = _("网格边界为合成示例") if any(one.synthetic for one in drawn.outlines) else ""
    return ui.PlaceMap(ui.Sketch(drawn.frame.width, drawn.frame.height, shapes), None, caption)


@endpoint(Permission.READ_PERSON, about="grid")
@require_GET
def grid_households(request: Any, pk: UUID) -> HttpResponse:
    """The households of a grid: addresses and counts. Who lives there is opened one by one."""
    try:
        after = max(int(request.GET.get("after", 0)), 0)
    except ValueError:
        after = 0
    rows = api.households(request.scope, pk, after)
    more = f"?after={rows[-2].number}" if len(rows) > api.PAGE else ""
    context = {"grid": api.grid(request.scope, pk), "rows": rows[: api.PAGE], "more": more}
    return render(request, "grassroots_grids/households.html", context)


@endpoint(Permission.READ_PERSON, about="household")
@require_GET
def household(request: Any, pk: UUID) -> HttpResponse:
    """An opened household. The opening stands in evidence."""
    found = api.household_read(by=request.by, household_id=pk)
    visits = [
        {"visit": visit, "found": [(title, _(FINDING_LABELS[api.Finding(one)])) for title, one in visit.tasks]}
        for visit in found.visits
    ]
    return render(request, "grassroots_grids/household.html", {"household": found, "visits": visits})


@endpoint(Permission.DO_TASK)
@require_GET
def my_tasks(request: Any) -> HttpResponse:
    """Everything asked of my grid, one stop per household."""
    return _tasks(request)


def _tasks(request: Any, form: VisitForm | None = None, status: int = 200) -> HttpResponse:
    now, mine = clock.now(), api.my_stops(request.scope)
    stops = [
        {
            "stop": stop,
            "key": new_id(),
            "name": stop.address or _("整个网格"),
            "late": stop.due_at <= now,
            "asked": [{"one": one, "kind": _(KIND_LABELS[one.kind])} for one in stop.asked],
        }
        for stop in mine
    ]
    context = {
        "stops": stops,
        "merged": sum(len(stop.asked) for stop in mine),
        "findings": [(one.value, _(label)) for one, label in FINDING_LABELS.items()],
        "purpose": VISIT_PHOTO,
        "form": form or VisitForm(),
    }
    return render(request, "grassroots_grids/tasks.html", context, status=status)


@endpoint(Permission.DO_TASK)
@require_POST
def visit(request: Any) -> HttpResponse:
    """Record a visit. The phone's outbox is answered in JSON."""
    form, wants_json = VisitForm(request.POST), _wants_json(request)
    if not form.is_valid():
        field, errors = next(iter(form.errors.items()))
        if wants_json:
            raise Invalid("invalid_visit", str(errors[0]), where=str(field), remedy="请改正后重新提交")
        return _tasks(request, form, 422)
    given = form.cleaned_data
    try:
        made = api.visit_record(
            by=request.by,
            findings=findings_of(request.POST),
            said=given["said"],
            photos=_photos(request),
            occurred_at=given["occurred_at"],
            client_key=str(given["client_key"]),
        )
    except (Conflict, Invalid) as problem:
        if wants_json:
            raise
        form.add_error(None, ui.problem_words(problem))
        return _tasks(request, form, problem.status)
    if wants_json:
        return JsonResponse({"id": str(made.id), "address": reverse("my_tasks")}, status=201)
    messages.success(request, _("已记录，一次完成{count}项。").format(count=made.answered))
    return HttpResponseRedirect(reverse("my_tasks"))


def _wants_json(request: Any) -> bool:
    return bool(request.get_preferred_type(["text/html", "application/json"]) == "application/json")


def _photos(request: Any) -> list[UUID]:
    try:
        ids = [UUID(text) for text in request.POST.getlist("photo_ids")]
    except ValueError as error:
        raise Invalid("bad_photo", "照片编号无法识别", where="photo_ids", remedy="请重新拍照") from error
    uploads = request.FILES.getlist("photos")
    return ids + [files.store(request.by, one.file, name=one.name, purpose=VISIT_PHOTO).id for one in uploads]


urlpatterns = [
    path("my/grid/", my_grid, name="my_grid"),
    path("my/tasks/", my_tasks, name="my_tasks"),
    path("my/tasks/visit/", visit, name="visit"),
    path("grids/<uuid:pk>/", grid, name="grid"),
    path("grids/<uuid:pk>/households/", grid_households, name="grid_households"),
    path("grids/households/<uuid:pk>/", household, name="household"),
]
