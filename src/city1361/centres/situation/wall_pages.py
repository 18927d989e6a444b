"""/wall/: the wall of the city, a district or a town. Everything that it shows stands in its address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import wall, wall_presentation
from city1361.centres.situation.terms import Permission
from city1361.platform.assurance.standards.areas import api as areas


@endpoint(Permission.READ_FIGURES)
@require_GET
def own_wall(request: Any) -> HttpResponse:
    """The wall of one's own area."""
    return _show(request, None)


@endpoint(Permission.READ_FIGURES)
@require_GET
def wall_area(request: Any, area_code: str) -> HttpResponse:
    """The wall of an area by its official code."""
    return _show(request, area_code)


def _show(request: Any, code: str | None) -> HttpResponse:
    asked, visitors = request.GET.get("map", ""), request.GET.get("visitors") == "1"
    period = _period(request)
    found = wall.wall(
        scope=request.scope,
        by=request.by,
        area=areas.by_code(code).id if code else None,
        metric=asked if asked in wall.METRICS else wall.METRICS[0],
        period=period,
        visitors=visitors,
    )
    kept = period.text if request.GET.get("period") else ""
    context = wall_presentation.page(found, visitors=visitors, period=kept)
    return render(request, "centres_situation/wall.html", context)


def _period(request: Any) -> Period:
    """The period of the rates; this month when the address names none."""
    try:
        return execution.period_from(str(request.GET.get("period", "")))
    except Invalid:
        return execution.period_now(PeriodKind.MONTH)


urlpatterns = [path("", own_wall, name="wall"), path("<slug:area_code>/", wall_area, name="wall_area")]
