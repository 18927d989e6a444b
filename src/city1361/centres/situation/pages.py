"""/situation/: the figures of an area, one figure by area, type and time, and the list of exclusions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.scope import AreaRef
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import addresses, api, presentation
from city1361.centres.situation.reviews import review_pages
from city1361.centres.situation.terms import Permission

READ = Permission.READ_FIGURES


@endpoint(READ)
@require_GET
def board(request: Any) -> HttpResponse:
    """The figures of an area: rates with what was left out, numbers of the period, what is open now."""
    period = _period(request)
    found = api.figures(scope=request.scope, area=_area(request), period=period)
    context = {
        **_shared(found, period),
        "pair": presentation.tiles(found, presentation.PAIRED),
        "groups": presentation.groups(found),
        "below": [(one.name, addresses.board(one.id, period)) for one in found.below],
        "exclusions": addresses.exclusions(found.area.id, period),
        "review": addresses.review(found.area.id, period),
        "checked": api.last_check(),
    }
    return render(request, "centres_situation/board.html", context)


@endpoint(READ)
@require_GET
def figure(request: Any, figure_code: str) -> HttpResponse:
    """One figure: of the areas below, by type of matter, over time."""
    declared = api.declared().get(figure_code)
    if declared is None:
        raise Missing()
    area, period = _area(request), _period(request)
    found = api.figures(scope=request.scope, area=area, period=period, codes=[figure_code])
    asked = {"scope": request.scope, "code": figure_code, "area": found.area.id}
    areas = api.by_area(**asked, period=period)
    drills = [addresses.one(declared, UUID(one.key), period) for one in areas]
    types = api.by_type(**asked, period=period) if declared.rows_of is api.RowsOf.MATTERS else []
    points = api.trend(**asked, kind=period.kind, points=12)
    context = {
        **_shared(found, period),
        "home": addresses.board(found.area.id, period),
        "one": presentation.shown(found)[0],
        "tables": [
            (_("下级区域"), presentation.rows(areas, declared, drills)),
            (_("事件类型"), presentation.rows(types, declared)),
            (_("变化"), presentation.trend(points, declared)),
        ],
        "trail": [(one.name, addresses.one(declared, one.id, period)) for one in found.trail],
    }
    return render(request, "centres_situation/figure.html", context)


@endpoint(READ)
@require_GET
def exclusions(request: Any) -> HttpResponse:
    """剔除清单: what was paused, shelved, extended, returned or voided in the period, with the limits before and after."""
    period = _period(request)
    found = api.figures(scope=request.scope, area=_area(request), period=period, codes=["closing", "on_time_closing"])
    own = replace(
        request.scope,
        account=None,
        organisations=frozenset(),
        areas=frozenset({AreaRef(found.area.level, found.area.id)}),
    )
    kind = request.GET.get("kind", "")
    wanted = execution.ExclusionKind(kind) if kind in set(execution.ExclusionKind) else None
    lines = execution.exclusions(scope=own, kind=wanted, since=period.since, until=period.until)
    here = addresses.exclusions(found.area.id, period)
    context = {
        **_shared(found, period),
        "home": addresses.board(found.area.id, period),
        "pair": presentation.tiles(found, ("closing", "on_time_closing")),
        "lines": [(_(execution.EXCLUSION_LABELS[line.kind]), line) for line in lines],
        "kinds": [("", _("全部"), here, wanted is None)]
        + [(one.value, _(execution.EXCLUSION_LABELS[one]), f"{here}&kind={one.value}", one is wanted) for one in execution.ExclusionKind],
    }  # fmt: skip
    return render(request, "centres_situation/exclusions.html", context)


def _shared(found: api.Board, period: Period) -> dict[str, Any]:
    return {
        "board": found,
        "trail": [(one.name, addresses.board(one.id, period)) for one in found.trail],
        "periods": presentation.periods(found.area, period),
        "period": execution.period_words(period),
    }


def _area(request: Any) -> UUID | None:
    """The area of the address. Raises Missing for what is none."""
    try:
        return UUID(request.GET["area"]) if request.GET.get("area") else None
    except ValueError as error:
        raise Missing() from error


def _period(request: Any) -> Period:
    """The period of the address; this month when that is none."""
    try:
        return execution.period_from(str(request.GET.get("period", "")))
    except Invalid:
        return execution.period_now(PeriodKind.MONTH)


urlpatterns = [
    path("", board, name="situation"),
    path("figures/<slug:figure_code>/", figure, name="figure"),
    path("exclusions/", exclusions, name="exclusions"),
    *review_pages.urlpatterns,
]
