"""Pages of processes: those that stand, each with its diagram and its steps, and an instance on its way."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Missing
from city1361.platform.components.processes import api, migration_pages, presentation
from city1361.platform.components.processes.work_terms import Permission

XML = "application/xml; charset=utf-8"


@endpoint(Permission.VIEW_PROCESS)
@require_GET
def definitions(request: Any) -> HttpResponse:
    """Every process, those that stand first."""
    return render(request, "platform_processes/definitions.html", {"rows": api.definitions()})


@endpoint(Permission.VIEW_PROCESS)
@require_GET
def one_definition(request: Any, key: str, number: int = 0) -> HttpResponse:
    """A version of a process, the current one when none is named. Raises Missing."""
    found = api.definition(key)
    version = number or found.current
    shown = next((one for one in found.versions if one.number == version), None)
    if shown is None:
        raise Missing(where=f"{key} {version}")
    compiled = api.compiled_of(shown.id)
    context: dict[str, Any] = {
        "definition": found,
        "version": shown,
        "lines": presentation.lines(api.outline(compiled)),
        "drawing": reverse("process_drawing", args=[key, version]),
        "tables": presentation.tables(compiled),
        "marks": {},
        "may_migrate": request.scope.allows(Permission.MIGRATE_PROCESS) and found.current > 1,
    }
    return render(request, "platform_processes/definition.html", context)


@endpoint(Permission.VIEW_PROCESS)
@require_GET
def drawing(request: Any, key: str, number: int) -> HttpResponse:
    """The diagram of a version, as it was drawn. It never changes."""
    _id, xml = api.version_xml(key, number)
    return HttpResponse(xml, content_type=XML, headers={"Cache-Control": "private, max-age=86400"})


@endpoint(Permission.VIEW_PROCESS, about="process")
@require_GET
def one_instance(request: Any, pk: UUID) -> HttpResponse:
    """An instance on its way: the diagram, the path walked, where it waits. Raises Missing."""
    shown = api.drawing(request.scope, pk)
    now = clock.now()
    page = api.subject_page(shown.instance.subject_kind, shown.instance.subject_id)
    lines = presentation.lines(api.outline(api.compiled_of(shown.instance.version_id)), shown, now)
    context = {
        "title": shown.title,
        "instance": shown.instance,
        "page": page,
        "status": presentation.STATUSES[api.ProcessStatus(shown.instance.status)],
        "running": shown.instance.status == api.ProcessStatus.RUNNING,
        "lines": lines,
        "standing": [line for line in lines if line.state == "current"],
        "drawing": reverse("process_drawing", args=[shown.instance.key, shown.instance.number]),
        "marks": presentation.marks(shown, lines),
    }
    return render(request, "platform_processes/instance.html", context)


urlpatterns = [
    *migration_pages.urlpatterns,
    path("", definitions, name="process_definitions"),
    path("definitions/<str:key>/", one_definition, name="process_definition"),
    path("definitions/<str:key>/<int:number>/", one_definition, name="process_version"),
    path("definitions/<str:key>/<int:number>/drawing.bpmn", drawing, name="process_drawing"),
    path("<uuid:pk>/", one_instance, name="process_instance"),
]
