"""Addresses for the tests of the edge: the real ones, and views that fail in every way a view can."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from ninja import Router
from pydantic import Field

from city1361 import urls
from city1361.base.action.api import StrictSchema
from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Missing, Stale
from city1361.platform.assurance.security.access.city_api import CityApi
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.security.accounts.models import Attempt

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
calls: Counter[str] = Counter()


def _write(key: str) -> None:
    from city1361.base.kernel import clock

    Attempt.objects.create(key=key, failures=0, last_at=clock.now())


@endpoint(public=True)
def writes_then(request: Any, outcome: str) -> HttpResponse:
    """Writes a row, then ends as `outcome` says."""
    _write(outcome)
    if outcome == "problem":
        raise Conflict("taken", "“{name}”已被使用", where="name", remedy="请换一个", params={"name": "甲"})
    if outcome == "stale":
        raise Stale("stale", "内容已有变化", changes=[{"step": "受理", "who": "值班员"}])
    if outcome == "missing":
        raise Http404("a secret reason")
    if outcome == "crash":
        raise RuntimeError("a secret reason")
    return HttpResponse(outcome, status=400 if outcome == "refused" else 200)


@endpoint(public=True)
def loses_its_connection(request: HttpRequest, times: int) -> HttpResponse:
    """Its connection is cut in mid-request, the first `times` times."""
    calls["lost"] += 1
    with connection.cursor() as cursor:
        _write(f"lost-{calls['lost']}")
        if calls["lost"] <= times:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        cursor.execute("SELECT 1")
    return HttpResponse("arrived")


@endpoint(public=True)
def takes_too_long(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse()


@endpoint("nobody.has_this")
def forbidden(request: HttpRequest) -> HttpResponse:
    return HttpResponse("never")


@endpoint()
def who(request: Any) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_account()::text, city1361_areas()::text[]")
        account, areas = cursor.fetchone()
    asked = accounts.standing_of(request.by.account, None, request.standing.appointments[0].valid_from)
    assert asked is not None
    return HttpResponse(f"{request.by.label} {account == str(request.by.account)} {len(areas)}")


def silent(request: Any) -> HttpResponse:
    """Says nothing of whom it is for."""
    return HttpResponse(By.system("x").label)


class ThingIn(StrictSchema):
    """An input."""

    name: str = Field(max_length=5)
    count: int = 1


router = Router()


@router.post("/things/{thing_id}")
@endpoint()
def thing_change(request: Any, thing_id: UUID, given: ThingIn, limit: int = 10) -> Any:
    _write(str(thing_id))
    if given.name == "none":
        raise Missing()
    return {"name": given.name}


api = CityApi("edge")
api.add_router("", router)

urlpatterns = [
    path("edge/writes/<outcome>/", writes_then),
    path("edge/lost/<int:times>/", loses_its_connection),
    path("edge/slow/", takes_too_long),
    path("edge/forbidden/", forbidden),
    path("edge/who/", who),
    path("edge/silent/", silent),
    path("api/edge/", api.urls),
    *urls.urlpatterns,
]
