"""/supervision/radar/: what is listed for inspection, one of them with its matters, and the shelf and the rulings."""

from __future__ import annotations

from dataclasses import asdict
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
from city1361.base.kernel.errors import Conflict, Invalid, Refused
from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api
from city1361.centres.supervision.forms import TextForm
from city1361.centres.supervision.radar import wording
from city1361.centres.supervision.terms import Permission, Sign

READ = Permission.READ_SUPERVISION


@endpoint(READ)
@require_GET
def radar(request: Any) -> HttpResponse:
    """The list: all, of one sign, or what nobody has looked at."""
    sign = _sign(request)
    looked = {"no": False, "yes": True}.get(request.GET.get("looked", ""))
    found = api.radar_findings(scope=request.scope, sign=sign, looked=looked, before=_before(request))
    kept = {"sign": sign.value if sign else "", "looked": request.GET.get("looked", "")}
    home, limits = reverse("radar"), asdict(api.radar_thresholds(execution.period_now(execution.PeriodKind.DAY).first))
    more = f"{home}?{urlencode({**kept, 'before': str(found[-1].id)})}" if len(found) == api.RADAR_PAGE else ""
    context = {
        "rows": [(one, _(wording.LABELS[one.sign]), reverse("radar_finding", args=[one.id])) for one in found],
        "signs": [(one.value, _(wording.LABELS[one]), wording.definition(one, limits)) for one in Sign],
        "sign": kept["sign"], "looked": kept["looked"], "more": more, "scanned": api.radar_last_scan(),
    }  # fmt: skip
    return render(request, "centres_supervision/radar.html", context)


@endpoint(READ, about="radar_finding")
@require_http_methods(["GET", "POST"])
def finding(request: Any, pk: UUID) -> HttpResponse:
    """One sign with its matters; somebody outside the unit says what he found."""
    found = api.radar_finding(scope=request.scope, finding_id=pk)
    may = found.looked_at is None and request.scope.allows(Permission.ISSUE_CARD)
    form = TextForm(_("查看说明"), request.POST or None, longest=500) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            api.radar_look(by=request.by, finding_id=pk, note=form.cleaned_data["text"])
            messages.success(request, _("已记录查看情况"))
            return HttpResponseRedirect(reverse("radar"))
        except (Conflict, Refused, Invalid) as problem:
            form.add_error(None, ui.problem_words(problem))
    rows = execution.signs.matters_named(scope=request.scope, ids=found.matters)
    context = {
        "one": found, "label": _(wording.LABELS[found.sign]), "definition": wording.definition(found.sign, found.thresholds),
        "rows": [(row, _(execution.STATE_LABELS[row.state])) for row in rows], "form": form,
    }  # fmt: skip
    return render(request, "centres_supervision/finding.html", context, status=422 if form and form.errors else 200)


@endpoint(READ)
@require_GET
def shelf(request: Any) -> HttpResponse:
    """挂账库: what is shelved, who owns it, when it is looked at next."""
    return render(request, "centres_supervision/shelf.html", {"rows": execution.shelved(scope=request.scope)})


@endpoint(READ)
@require_GET
def rulings(request: Any) -> HttpResponse:
    """指定管辖裁定: precedents of one's areas, of a month where the address names one."""
    asked: dict[str, Any] = {}
    try:
        span = api.month(str(request.GET.get("period", "")))
        asked = {"since": span.since, "until": span.until}
    except Invalid:
        span = None
    rows = execution.rulings(scope=request.scope, **asked)
    period = execution.period_words(span) if span else ""
    return render(request, "centres_supervision/rulings.html", {"rows": rows, "period": period})


def _sign(request: Any) -> Sign | None:
    named = request.GET.get("sign", "")
    return Sign(named) if named in set(Sign) else None


def _before(request: Any) -> UUID | None:
    try:
        return UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        return None


urlpatterns = [
    path("radar/", radar, name="radar"),
    path("radar/<uuid:pk>/", finding, name="radar_finding"),
    path("shelf/", shelf, name="shelf"),
    path("rulings/", rulings, name="rulings"),
]
