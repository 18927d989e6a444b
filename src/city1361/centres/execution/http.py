"""/api/v1/matters: report, list, look, take a step. Writes carry Idempotency-Key, steps also If-Match."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router
from pydantic import AwareDatetime, Field

from city1361.base.action.api import StrictSchema
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api
from city1361.centres.execution.bodies import (
    AvailableStepOut,
    CategoryOut,
    HandlerOut,
    HistoryOut,
    MatterOut,
    MatterTypeOut,
    PageOut,
)
from city1361.centres.execution.step_bodies import STEPS, StepIn
from city1361.centres.execution.terms import Permission, Step, Tab, Urgency

router = Router()
types_router = Router()
KEY = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")
MATCH = Header(None, alias="If-Match", description='the version you saw, as in ETag: "3"')


class ReportIn(StrictSchema):
    """A report. Place: lon and lat (GCJ-02 degrees), or area_id of a grid, village or town, or both."""

    matter_type: str = Field(max_length=32)
    description: str = Field(max_length=2000)
    urgency: Urgency = Urgency.NORMAL
    occurred_at: AwareDatetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area_id: UUID | None = None
    address: str = Field("", max_length=256)
    photos: list[UUID] = []
    handled_at: AwareDatetime | None = None
    contact_name: str = Field("", max_length=40)
    contact_phone: str = Field("", max_length=20)
    external_numbers: dict[str, str] = {}


class ListIn(StrictSchema):
    """Which matters: tab, words, state, due (soon or overdue); cursor and size of the page."""

    tab: Tab = Tab.TODO
    q: Annotated[str, Field(max_length=100)] = ""
    state: str = ""
    due: str = ""
    cursor: str = ""
    size: int = Field(50, ge=1, le=200)


@router.get("/", response=PageOut, summary="Matters in my scope, newest first")
@endpoint(Permission.READ_MATTER)
def matter_list(request: Any, wanted: Query[ListIn]) -> Any:
    """Keyset paging: pass `next_cursor` of the answer as `cursor`."""
    return api.my_list(scope=request.scope, by=request.by, **wanted.dict())


@router.post("/", response={201: MatterOut}, summary="Report a matter")
@endpoint(Permission.REPORT_MATTER)
def matter_report(
    request: Any, response: HttpResponse, given: ReportIn, idempotency_key: str | None = KEY
) -> Any:
    """The same key and body get the same matter; the same key with another body is 409."""
    if not idempotency_key:
        raise Invalid("key_needed", "缺少幂等键", where="Idempotency-Key", remedy="每次提交用一个新的UUID")
    made = api.matter_report(by=request.by, client_key=idempotency_key, **given.dict())
    response["ETag"] = made.etag
    response["Location"] = f"/api/v1/matters/{made.id}"
    return 201, made


@router.get("/mine", response=PageOut, summary="What I reported")
@endpoint(Permission.REPORT_MATTER)
def report_list(request: Any, cursor: str = "", size: int = 20) -> Any:
    """Newest first."""
    return api.my_reports(scope=request.scope, by=request.by, cursor=cursor, size=size)


@router.get("/{uuid:matter_id}", response=MatterOut, summary="One matter")
@endpoint(Permission.READ_MATTER, Permission.REPORT_MATTER, about="matter")
def matter_get(request: Any, response: HttpResponse, matter_id: UUID) -> Any:
    """As the caller may see it; its version stands in ETag."""
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    response["ETag"] = found.etag
    return found


@router.get("/{uuid:matter_id}/history", response=HistoryOut, summary="Every step taken")
@endpoint(Permission.READ_MATTER, Permission.REPORT_MATTER, about="matter")
def matter_history(request: Any, matter_id: UUID) -> Any:
    """Oldest first."""
    return {"steps": api.history(scope=request.scope, by=request.by, matter_id=matter_id)}


@router.get("/{uuid:matter_id}/steps", response=list[AvailableStepOut], summary="What I may do now")
@endpoint(Permission.READ_MATTER, Permission.REPORT_MATTER, about="matter")
def step_list(request: Any, matter_id: UUID) -> Any:
    """With what each step needs and may be told."""
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    return api.available_steps(by=request.by, scope=request.scope, matter=found)


@router.get("/{uuid:matter_id}/handlers", response=list[HandlerOut], summary="Posts it can be given to")
@endpoint(Permission.ADMIT_MATTER, about="matter")
def handler_list(request: Any, matter_id: UUID) -> Any:
    """The posts of the matter's town that handle matters."""
    return api.handler_choices(scope=request.scope, matter_id=matter_id)


def _step_endpoint(step: Step, body: type[StepIn], permission: Permission) -> None:
    """POST /matters/{id}/steps/<step> for one step, with its own input and permission."""

    @router.post(
        f"/{{uuid:matter_id}}/steps/{step.value}",
        response=MatterOut,
        summary=body.__doc__,
        operation_id=f"matter_{step.value}",
        url_name=f"matter_{step.value}",
    )
    @endpoint(permission, about="report" if step in (Step.AGREE, Step.REOPEN) else "matter")
    def take(
        request: Any,
        response: HttpResponse,
        matter_id: UUID,
        given: body,  # type: ignore[valid-type]
        if_match: str | None = MATCH,
        idempotency_key: str | None = KEY,
    ) -> Any:
        taken = given.take(  # type: ignore[attr-defined]
            by=request.by,
            matter_id=matter_id,
            expected_version=version_of(if_match),
            client_key=idempotency_key or "",
        )
        response["ETag"] = taken.etag
        return taken


for _step, (_body, _permission) in STEPS.items():
    _step_endpoint(_step, _body, _permission)


def version_of(if_match: str | None) -> int:
    """The version in an If-Match header. Raises Invalid."""
    text = (if_match or "").strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(
            "version_needed",
            "缺少您所看到的版本",
            where="If-Match",
            remedy="请带上查看时收到的ETag，如If-Match: \"3\"",
        )
    return int(text)


@types_router.get("/", response=list[MatterTypeOut], summary="What may be reported")
@endpoint(Permission.REPORT_MATTER, Permission.READ_MATTER)
def matter_type_list(request: HttpRequest, q: str = "", category: str = "") -> Any:
    """By name or code, and by category of the phone page."""
    return api.matter_types(q=q[:40], category=category)


@types_router.get("/categories", response=list[CategoryOut], summary="The categories of the phone page")
@endpoint(Permission.REPORT_MATTER, Permission.READ_MATTER)
def category_list(request: HttpRequest) -> Any:
    """With the type each reports by default."""
    return api.categories()
