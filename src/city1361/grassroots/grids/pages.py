"""Phone pages: report something, see my reports and how each goes, say whether it is solved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from city1361.base.files import api as files
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.outbox import api as outbox
from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.grassroots.grids import grid_pages, offline, place, progress, similar, task_pages, type_forms
from city1361.grassroots.grids.forms import MOST_PHOTOS, AnswerForm, ReportForm
from city1361.grassroots.grids.reporting import form_context, send_report
from city1361.platform.components.forms.api import AnswerFields

REPORT = execution.Permission.REPORT_MATTER


@endpoint(REPORT)
@require_http_methods(["GET", "POST"])
def report(request: Any) -> HttpResponse:
    """The report page. A caller that prefers JSON (the phone's outbox) is answered in JSON."""
    if request.method == "GET":
        chosen = request.GET.get("area", "")
        return render(
            request, "grassroots_grids/report.html", form_context(request.scope, ReportForm(), new_id(), chosen)
        )
    form, asked = ReportForm(request.POST), type_forms.asked_of(request.POST)
    wrong = [one for one in (form, asked) if one is not None and not one.is_valid()]
    if wrong and _wants_json(request):
        field, errors = next(iter(wrong[0].errors.items()))
        raise Invalid("invalid_report", str(errors[0]), where=str(field), remedy="请改正后重新上报")
    photos = _photos(request)
    if wrong or (asked is not None and _was_not_asked(request, asked)):
        return _again(request, form, asked, photos, 422 if wrong else 200)
    made = send_report(request.by, form.cleaned_data, photos, asked.answers if asked else {})
    address = reverse("my_report", args=[made.id])
    if _wants_json(request):
        return JsonResponse({"id": str(made.id), "number": made.number, "address": address}, status=201)
    messages.success(request, _("已上报，编号{number}。").format(number=made.number))
    return HttpResponseRedirect(address)


def _was_not_asked(request: Any, asked: AnswerFields) -> bool:
    """A plain form whose page could not show the fields of the type: they are asked now, once."""
    return not _wants_json(request) and request.POST.get("asked") != asked.form.key


def _again(request: Any, form: ReportForm, asked: AnswerFields | None, photos: list[UUID], status: int) -> HttpResponse:
    """The same page with everything that was given."""
    key, area = request.POST.get("client_key") or new_id(), request.POST.get("area", "")
    context = {**form_context(request.scope, form, key, area, asked), "photo_ids": photos}
    return render(request, "grassroots_grids/report.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _photos(request: Any) -> list[UUID]:
    """Photographs sent before (by id) and those of a plain form."""
    try:
        ids = [UUID(text) for text in request.POST.getlist("photo_ids")]
    except ValueError as error:
        raise Invalid("bad_photo", "照片编号无法识别", where="photo_ids", remedy="请重新拍照") from error
    uploads = request.FILES.getlist("photos")
    if len(ids) + len(uploads) > MOST_PHOTOS:
        raise Invalid(
            "too_many_photos", "最多{most}张照片", where="photos", remedy="请减少照片", params={"most": MOST_PHOTOS}
        )
    purpose = execution.PHOTO_PURPOSE
    return ids + [files.store(request.by, one.file, name=one.name, purpose=purpose).id for one in uploads]


@endpoint(REPORT)
@require_GET
def choose_place(request: Any) -> HttpResponse:
    """Down the tree of areas to a grid, on a map, in a list or by name. Links only: in the report page they open in a dialog."""
    q = request.GET.get("q", "").strip()[:40]
    try:
        area = UUID(request.GET["area"]) if request.GET.get("area") else None
    except ValueError as error:
        raise Invalid("bad_area", "区域编号无法识别", where="area", remedy="请从区县逐级选择") from error
    trail, areas = place.choices(area, q)
    chart = None if q else place.chart(area, areas)
    return render(request, "grassroots_grids/place.html", {"q": q, "trail": trail, "areas": areas, "chart": chart})


@endpoint(REPORT)
@require_GET
def locate(request: Any) -> HttpResponse:
    """The grids at a position of the phone: {places: [{id, name}]}."""
    point = place.coordinates(request.GET.get("lon", ""), request.GET.get("lat", ""))
    if point is None:
        raise Invalid("bad_point", "缺少经纬度", where="lon,lat", remedy="请重新定位，或选择所在网格")
    return JsonResponse({"places": [{"id": str(found.id), "name": found.path} for found in place.at(*point)]})


@endpoint(REPORT)
@require_GET
def session(request: Any) -> HttpResponse:
    """Who is signed in and a fresh form token: what the phone's outbox needs before it sends."""
    answer = JsonResponse({"account": str(request.by.account), "token": get_token(request)})
    answer["Cache-Control"] = "no-store"
    return answer


@endpoint(REPORT)
@require_GET
def my_reports(request: Any) -> HttpResponse:
    """My reports, newest first."""
    page = execution.my_reports(scope=request.scope, by=request.by, cursor=request.GET.get("cursor") or None)
    rows = [
        {
            "address": reverse("my_report", args=[row.id]),
            "title": row.title,
            "state": execution.state_tag(row.state),
            "now": progress.now_words(row.state, row.lead),
            "since": progress.since_words(row.stage),
            "reported_at": row.reported_at,
            "place": row.place,
        }
        for row in page.rows
    ]
    more = f"?cursor={page.next_cursor}" if page.next_cursor else ""
    return render(request, "grassroots_grids/reports.html", {"reports": rows, "more": more})


@endpoint(REPORT, about="report")
@require_GET
def my_report(request: Any, matter_id: UUID) -> HttpResponse:
    """How one report goes, and the question whether it is solved."""
    return _progress(request, matter_id, AnswerForm(), None, 200)


def _progress(request: Any, matter_id: UUID, form: AnswerForm, stale: Stale | None, status: int) -> HttpResponse:
    matter = execution.my_report(scope=request.scope, by=request.by, matter_id=matter_id)
    steps = execution.history(scope=request.scope, by=request.by, matter_id=matter_id)
    offered = {one.step for one in execution.available_steps(by=request.by, scope=request.scope, matter=matter)}
    context = {
        "report": matter,
        "state": execution.state_tag(matter.state),
        "now": progress.now_words(matter.state, matter.lead.organisation.name if matter.lead else ""),
        "since": progress.since_words(matter.stage),
        "said": progress.latest_words(steps),
        "next": progress.next_words(matter),
        "stages": progress.stages(matter.state),
        "may_agree": execution.Step.AGREE in offered,
        "may_reopen": execution.Step.REOPEN in offered,
        "timeline": execution.timeline(steps, matter.state),
        "form": form,
        "changes": stale.changes if stale else None,
        "ticket": outbox.live_ticket((f"matter:{matter.id}",), account=request.by.account),
        "key": new_id(),
        "version": matter.version,
        **_merged(request, matter, steps),
    }
    return render(request, "grassroots_grids/progress.html", context, status=status)


def _merged(request: Any, matter: execution.MatterView, steps: list[execution.StepView]) -> dict[str, Any]:
    """A report that was merged shows how the matter goes that is kept, and may say that it is not solved."""
    kept = execution.followed(scope=request.scope, by=request.by, matter_id=matter.id)
    if kept is None:
        return {}
    told = sorted([*steps, *kept.steps], key=lambda step: step.at)
    return {
        "joined": kept.others,
        "state": execution.state_tag(kept.state),
        "now": progress.now_words(kept.state, kept.lead),
        "said": progress.latest_words(kept.steps),
        "next": progress.due_words(kept.state, kept.result, kept.total),
        "stages": progress.stages(kept.state),
        "may_agree": kept.state is execution.MatterState.CLOSED and not kept.agreed,
        "may_reopen": kept.state is execution.MatterState.CLOSED and not kept.agreed,
        "timeline": execution.timeline(told, kept.state),
        "version": kept.version,
    }


@endpoint(execution.Permission.AGREE_MATTER, execution.Permission.REOPEN_MATTER, about="report")
@require_http_methods(["GET", "POST"])
def answer(request: Any, matter_id: UUID) -> HttpResponse:
    """已解决, or 没解决: then it goes on under its original clock."""
    if request.method == "GET":
        found = execution.my_report(scope=request.scope, by=request.by, matter_id=matter_id)
        return HttpResponseRedirect(reverse("my_report", args=[found.id]))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _progress(request, matter_id, form, None, 422)
    given = form.cleaned_data
    key = request.POST.get("key", "")[:64]
    common = {"by": request.by, "matter_id": matter_id, "expected_version": given["version"], "client_key": key}
    try:
        if given["answer"] == "agree":
            _agree(request, common, given["text"])
            messages.success(request, _("感谢确认。"))
        else:
            _reopen(request, common, given["text"])
            messages.success(request, _("已重新办理，原时限继续计算。"))
    except Stale as stale:
        return _progress(request, matter_id, form, stale, stale.status)
    except Conflict as conflict:
        form.add_error(None, ui.problem_words(conflict))
        return _progress(request, matter_id, form, None, conflict.status)
    return HttpResponseRedirect(reverse("my_report", args=[matter_id]))


def _agree(request: Any, common: dict[str, Any], text: str) -> None:
    """已解决 of one's own matter, or of the one it was merged into."""
    (execution.matter_agree_merged if _is_merged(request, common) else execution.matter_agree)(**common, text=text)


def _reopen(request: Any, common: dict[str, Any], reason: str) -> None:
    """没解决 of one's own matter, or of the one it was merged into."""
    merged = _is_merged(request, common)
    (execution.matter_reopen_merged if merged else execution.matter_reopen)(**common, reason=reason)


def _is_merged(request: Any, common: dict[str, Any]) -> bool:
    found = execution.my_report(scope=request.scope, by=request.by, matter_id=common["matter_id"])
    return found.state is execution.MatterState.MERGED


urlpatterns = [
    *grid_pages.urlpatterns,
    *task_pages.urlpatterns,
    path("report/", report, name="report"),
    path("report/place/", choose_place, name="place"),
    path("report/locate/", locate, name="locate"),
    path("report/similar/", similar.similar, name="report_similar"),
    path("report/session/", session, name="report_session"),
    path("my/reports/", my_reports, name="my_reports"),
    path("my/reports/<uuid:matter_id>/", my_report, name="my_report"),
    path("my/reports/<uuid:matter_id>/answer/", answer, name="answer_report"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
]
