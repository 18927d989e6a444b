"""/api/v1/figures: the same numbers that wall and boards show."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router

from city1361.base.kernel.endpoint import endpoint
from city1361.centres.execution.api import Period, PeriodKind, period_from
from city1361.centres.situation import api
from city1361.centres.situation.bodies import AreaFigureOut, BoardIn, BoardOut, FiguresIn, PointOut, TrendIn
from city1361.centres.situation.terms import Permission

router = Router()
READ = Permission.READ_FIGURES
ONE = "/{slug:figure_code}"


@router.get("/", response=BoardOut, summary="The figures of an area")
@endpoint(READ)
def figure_list(request: Any, wanted: Query[FiguresIn]) -> Any:
    """Each with its definition, moment, responsible unit and rows; corrected ones with what was told before."""
    return api.figures(scope=request.scope, area=wanted.area, period=_period(wanted.period), codes=wanted.codes)


@router.get(f"{ONE}/by-area", response=list[AreaFigureOut], summary="One figure of each area below")
@endpoint(READ)
def figure_by_area(request: Any, figure_code: str, wanted: Query[BoardIn]) -> Any:
    """Districts of the city, towns of a district."""
    return api.by_area(scope=request.scope, code=figure_code, area=wanted.area, period=_period(wanted.period))


@router.get(f"{ONE}/by-type", response=list[AreaFigureOut], summary="One figure by type of matter")
@endpoint(READ)
def figure_by_type(request: Any, figure_code: str, wanted: Query[BoardIn]) -> Any:
    """The most first."""
    return api.by_type(scope=request.scope, code=figure_code, area=wanted.area, period=_period(wanted.period))


@router.get(f"{ONE}/trend", response=list[PointOut], summary="One figure over time")
@endpoint(READ)
def figure_trend(request: Any, figure_code: str, wanted: Query[TrendIn]) -> Any:
    """Up to the running day, week or month."""
    kind = PeriodKind(wanted.kind)
    return api.trend(scope=request.scope, code=figure_code, area=wanted.area, kind=kind, points=wanted.points)


def _period(text: str) -> Period | None:
    return period_from(text) if text else None
