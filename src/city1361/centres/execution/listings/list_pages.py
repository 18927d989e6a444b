"""The list of matters at every level: filtered, searched, counted, exported."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, TooMany
from city1361.base.ui import api as ui
from city1361.centres.execution import api
from city1361.centres.execution.listings import listing
from city1361.centres.execution.terms import Permission, Tab

READ, EXPORT = Permission.READ_MATTER, api.IntakePermission.EXPORT_MATTERS
CONTENT_TYPES = {
    api.ExportFormat.CSV: "text/csv; charset=utf-8",
    api.ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@endpoint(READ)
@require_GET
def matter_list(request: Any) -> HttpResponse:
    """Matters in one's scope, narrowed as the address says. An old link opens without what is no longer known."""
    wanted, tab = _asked(request.GET)
    values = wanted.values()
    page = api.my_list(scope=request.scope, by=request.by, tab=tab, cursor=request.GET.get("cursor") or None, **values)
    total = api.counted(scope=request.scope, by=request.by, tab=tab, **values)
    home = reverse("desk_search")
    open_now = api.counts(scope=request.scope, by=request.by)
    context = {
        **listing.bar(request.by, request.scope, wanted, tab),
        "address": home,
        "lines": listing.lines(page.rows),
        "total": total,
        "capped": total >= api.MOST_COUNTED,
        "open_now": open_now,
        "open_count": open_now.todo + open_now.doing,
        "more": f"{home}?{wanted.query(tab=_kept(tab), cursor=page.next_cursor)}" if page.next_cursor else "",
        "first": bool(request.GET.get("cursor")),
        "start": f"{home}?{wanted.query(tab=_kept(tab))}",
        "may_export": request.scope.allows(EXPORT),
        "query": wanted.query(tab=_kept(tab)),
    }
    return render(request, "centres_execution/search.html", context)


def _asked(given: Any) -> tuple[api.Wanted, Tab]:
    flat = {name: given.get(name) for name in given if name != "flags"}
    tab = given.get("tab", "")
    wanted = api.known_only({**flat, "flags": given.getlist("flags")})
    return wanted, Tab(tab) if tab in set(Tab) else Tab.ALL


def _kept(tab: Tab) -> str:
    return "" if tab is Tab.ALL else tab.value


@endpoint(EXPORT)
@require_POST
def export(request: Any) -> HttpResponse:
    """Write the list of the form to a file: at once, or by a job where it is long."""
    wanted, tab = _asked(request.POST)
    try:
        made = api.matter_export(by=request.by, wanted=wanted, tab=tab, format=_format(request.POST.get("format", "")))
    except (Invalid, TooMany) as problem:
        messages.warning(request, ui.problem_words(problem))
        return HttpResponseRedirect(f"{reverse('desk_search')}?{wanted.query(tab=_kept(tab))}")
    if made.state is api.ExportState.READY:
        return HttpResponseRedirect(reverse("export_file", args=[made.id]))
    return HttpResponseRedirect(reverse("exports"))


def _format(given: str) -> api.ExportFormat:
    if given not in set(api.ExportFormat):
        raise Invalid("bad_format", "没有这种导出格式", where="format", remedy="可用：csv、xlsx")
    return api.ExportFormat(given)


@endpoint(EXPORT)
@require_GET
def exports(request: Any) -> HttpResponse:
    """One's own exports, how far each is, and the files."""
    rows = [
        {
            "file": reverse("export_file", args=[one.id]) if one.state is api.ExportState.READY else "",
            "format": one.format.value.upper(),
            "state": _(api.EXPORT_LABELS[one.state]),
            "running": one.state in (api.ExportState.WAITING, api.ExportState.RUNNING),
            "done": one.done,
            "total": one.total,
            "problem": _(one.problem) if one.problem else "",
            "created_at": one.created_at,
            "expires_at": one.expires_at,
        }
        for one in api.exports(scope=request.scope, by=request.by)
    ]
    return render(request, "centres_execution/exports.html", {"exports": rows})


@endpoint(EXPORT, about="export")
@require_GET
def export_file(request: Any, export_id: UUID) -> FileResponse:
    """The file of one's own export."""
    found, where = api.export_file(scope=request.scope, by=request.by, export_id=export_id)
    day = timezone.localtime(clock.now()).strftime("%Y%m%d-%H%M")
    name = _("事件清单") + f"-{day}.{found.format.value}"
    answer = FileResponse(where.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[found.format])
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


urlpatterns = [
    path("search/", matter_list, name="desk_search"),
    path("search/export/", export, name="export"),
    path("exports/", exports, name="exports"),
    path("exports/<uuid:export_id>/", export_file, name="export_file"),
]
