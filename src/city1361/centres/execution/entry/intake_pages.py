"""The desk's intake: pasted chat text, 补录, and what a report or a matter may be a duplicate of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Invalid
from city1361.base.kernel.ids import new_id
from city1361.base.ui import api as ui
from city1361.centres.execution import api
from city1361.centres.execution.entry import chat_intake
from city1361.centres.execution.entry.intake_forms import DeskReportForm, LateForm, PasteForm
from city1361.centres.execution.entry.place_search import find_places
from city1361.centres.execution.terms import Permission
from city1361.platform.assurance.standards.areas import api as areas

PERIOD = timedelta(days=29)


@endpoint(Permission.ADMIT_MATTER)
@require_http_methods(["GET", "POST"])
def chat(request: Any) -> HttpResponse:
    """Paste, look at what was found, correct it, file it. The pasted text is not kept."""
    if request.method == "GET":
        return _chat(request, PasteForm(), None)
    if "read" in request.POST:
        paste = PasteForm(request.POST)
        if not paste.is_valid():
            return _chat(request, paste, None, status=422)
        filled = chat_intake.read(paste.cleaned_data["text"], request.scope)
        form = DeskReportForm(request.scope, initial=filled.initial, found=filled.found)
        return _chat(request, paste, form, filled=filled)
    if ui.FIND in request.POST:
        return _chat(request, PasteForm(), DeskReportForm(request.scope, initial=request.POST.dict()))
    return _file_chat(request, DeskReportForm(request.scope, request.POST))


def _file_chat(request: Any, form: DeskReportForm) -> HttpResponse:
    if not form.is_valid():
        return _chat(request, PasteForm(), form, status=422)
    try:
        made = api.report_from(by=request.by, kind=api.IntakeKind.CHAT, client_key=_key(request), **form.report())
    except (Invalid, Conflict) as problem:
        form.add_error(None, ui.problem_words(problem))
        return _chat(request, PasteForm(), form, status=problem.status)
    messages.success(request, _("已登记，编号{number}。").format(number=made.number))
    return HttpResponseRedirect(reverse("matter", args=[made.id]))


def _chat(
    request: Any, paste: PasteForm, form: DeskReportForm | None, *, filled: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        "paste": paste,
        "form": form,
        "said": filled.messages if filled else (),
        "cut": filled.cut if filled else False,
        "key": request.POST.get("key") or new_id(),
    }
    return render(request, "centres_execution/chat.html", context, status=status)


@endpoint(api.IntakePermission.FILE_AFTER_THE_FACT)
@require_http_methods(["GET", "POST"])
def late(request: Any) -> HttpResponse:
    """补录 with the real times, and how often that was needed in the last thirty days."""
    if request.method == "GET":
        return _late(request, LateForm(request.scope))
    if ui.FIND in request.POST:
        return _late(request, LateForm(request.scope, initial=request.POST.dict()))
    form = LateForm(request.scope, request.POST)
    if not form.is_valid():
        return _late(request, form, status=422)
    given = form.cleaned_data
    entry = api.LateEntry(given["occurred_at"], given["handled_first_at"], given["handled_by"], given["reason"])
    report = {name: value for name, value in form.report().items() if name != "occurred_at"}
    try:
        made = api.matter_file_late(by=request.by, entry=entry, client_key=_key(request), **report)
    except (Invalid, Conflict) as problem:
        form.add_error(problem.where if problem.where in form.fields else None, ui.problem_words(problem))
        return _late(request, form, status=problem.status)
    messages.success(request, _("已补录，编号{number}。").format(number=made.number))
    return HttpResponseRedirect(reverse("matter", args=[made.id]))


def _late(request: Any, form: LateForm, status: int = 200) -> HttpResponse:
    today = areas.today()
    context = {
        "form": form,
        "key": request.POST.get("key") or new_id(),
        "since": today - PERIOD,
        "until": today,
        "statistics": [
            {
                "area": one.area,
                "entries": one.entries,
                "reports": one.reports,
                "share": f"{one.share:.1%}" if one.reports else "—",
                "handled_after": ui.span_words(one.handled_after, 1440) if one.handled_after is not None else "—",
                "entered_after": ui.span_words(one.entered_after, 1440) if one.entered_after is not None else "—",
            }
            for one in api.late_statistics(scope=request.scope, since=today - PERIOD, until=today)
        ],
    }
    return render(request, "centres_execution/late.html", context, status=status)


@endpoint(Permission.ADMIT_MATTER, api.IntakePermission.FILE_AFTER_THE_FACT)
@require_GET
def places(request: Any) -> HttpResponse:
    """What the search line finds while somebody types: {found: [[id, name]], said}."""
    words = ui.words_of({"place_words": request.GET.get("words")}, "place")
    found = find_places(request.scope, words)
    shown = list(found.choices) if words or not found.more else []
    answer = JsonResponse({"found": shown, "said": found.said(words) if shown or words else _("请输入几个字查找。")})
    answer["Cache-Control"] = "no-store"
    return answer


def _key(request: Any) -> str:
    key = request.POST.get("key", "")[:64]
    if not key:
        raise Invalid("key_needed", "页面已失效", where="key", remedy="请刷新页面后重新填写")
    return str(key)


urlpatterns = [
    path("intake/chat/", chat, name="chat_intake"),
    path("intake/places/", places, name="intake_places"),
    path("intake/late/", late, name="late_intake"),
]
