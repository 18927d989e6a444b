"""/api/v1/matters: report, list, look, take a step. Writes carry Idempotency-Key, steps also If-Match."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Status

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
from city1361.centres.execution.duplicates.followed_http import router as followed_router
from city1361.centres.execution.road.road_http import router as road_router
from city1361.centres.execution.road.road_http import version_of
from city1361.centres.execution.steps.step_bodies import (
    AdmitIn,
    AgreeIn,
    CheckPassIn,
    CloseIn,
    ListIn,
    ProgressIn,
    RefuseIn,
    RemarkIn,
    ReportIn,
    RequestCloseIn,
)
from city1361.centres.execution.terms import Permission

router = Router()
types_router = Router()
READ = (Permission.READ_MATTER, Permission.REPORT_MATTER)
ONE = "/{uuid:matter_id}"
KEY: Any = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")  # type: ignore[type-arg]
MATCH: Any = Header(None, alias="If-Match", description='the version you saw, as in ETag: "3"')  # type: ignore[type-arg]


@router.get("/", response=PageOut, summary="Matters in my scope, newest first")
@endpoint(Permission.READ_MATTER)
def matter_list(request: Any, wanted: Query[ListIn]) -> Any:
    """Keyset paging: pass `next_cursor` of the answer as `cursor`."""
    return api.my_list(scope=request.scope, by=request.by, **wanted.dict())


@router.post("/", response={201: MatterOut}, summary="Report a matter")
@endpoint(Permission.REPORT_MATTER)
def matter_report(request: Any, response: HttpResponse, given: ReportIn, idempotency_key: str | None = KEY) -> Any:
    """The same key and body get the same matter; the same key with another body is 409."""
    if not idempotency_key:
        raise Invalid("key_needed", "缺少幂等键", where="Idempotency-Key", remedy="每次提交用一个新的UUID")
    made = api.matter_report(by=request.by, client_key=idempotency_key, **given.dict())
    response["Location"] = f"/api/v1/matters/{made.id}"
    return Status(201, _tagged(response, made))


@router.get("/mine", response=PageOut, summary="What I reported")
@endpoint(Permission.REPORT_MATTER)
def report_list(request: Any, cursor: str = "", size: int = 20) -> Any:
    """Newest first."""
    return api.my_reports(scope=request.scope, by=request.by, cursor=cursor, size=size)


@router.get(ONE, response=MatterOut, summary="One matter")
@endpoint(*READ, about="matter")
def matter_get(request: Any, response: HttpResponse, matter_id: UUID) -> Any:
    """As the caller may see it; its version stands in ETag."""
    return _tagged(response, api.matter(scope=request.scope, by=request.by, matter_id=matter_id))


@router.get(f"{ONE}/history", response=HistoryOut, summary="Every step taken")
@endpoint(*READ, about="matter")
def matter_history(request: Any, matter_id: UUID) -> Any:
    """Oldest first."""
    return {"steps": api.history(scope=request.scope, by=request.by, matter_id=matter_id)}


@router.get(f"{ONE}/steps", response=list[AvailableStepOut], summary="What I may do now")
@endpoint(*READ, about="matter")
def step_list(request: Any, matter_id: UUID) -> Any:
    """With what each step needs and may be told."""
    found = api.matter(scope=request.scope, by=request.by, matter_id=matter_id)
    return api.available_steps(by=request.by, scope=request.scope, matter=found)


@router.get(f"{ONE}/handlers", response=list[HandlerOut], summary="Posts it can be given to")
@endpoint(Permission.ADMIT_MATTER, about="matter")
def handler_list(request: Any, matter_id: UUID) -> Any:
    """The posts of the matter's town that handle matters."""
    return api.handler_choices(scope=request.scope, matter_id=matter_id)


@router.post(f"{ONE}/steps/admit", response=MatterOut, summary="受理")
@endpoint(Permission.ADMIT_MATTER, about="matter")
def step_admit(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: AdmitIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """Take it in and give it to a post."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_admit(**common, **given.dict()))


@router.post(f"{ONE}/steps/refuse", response=MatterOut, summary="不予受理")
@endpoint(Permission.REFUSE_MATTER, about="matter")
def step_refuse(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: RefuseIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """With the reason the reporter reads."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_refuse(**common, reason=given.text))


@router.post(f"{ONE}/steps/acknowledge", response=MatterOut, summary="签收")
@endpoint(Permission.ACKNOWLEDGE_MATTER, about="matter")
def step_acknowledge(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: RemarkIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The leading post takes it over."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_acknowledge(**common, **given.dict()))


@router.post(f"{ONE}/steps/report_progress", response=MatterOut, summary="反馈进展")
@endpoint(Permission.REPORT_PROGRESS, about="matter")
def step_report_progress(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: ProgressIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """What was done, with photos."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_report_progress(**common, **given.dict()))


@router.post(f"{ONE}/steps/request_close", response=MatterOut, summary="申请办结")
@endpoint(Permission.REQUEST_CLOSE, about="matter")
def step_request_close(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: RequestCloseIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The handler asks, with a typed result."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_request_close(**common, **given.dict()))


@router.post(f"{ONE}/steps/check_pass", response=MatterOut, summary="核查通过")
@endpoint(Permission.CHECK_MATTER, about="matter")
def step_check_pass(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: CheckPassIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """By another post than handled it."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_check(**common, passed=True, **given.dict()))


@router.post(f"{ONE}/steps/check_fail", response=MatterOut, summary="核查不通过")
@endpoint(Permission.CHECK_MATTER, about="matter")
def step_check_fail(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: ProgressIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """Back to the handler, with the reason."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_check(**common, passed=False, **given.dict()))


@router.post(f"{ONE}/steps/close", response=MatterOut, summary="办结")
@endpoint(Permission.CLOSE_MATTER, about="matter")
def step_close(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: CloseIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """By the centre, with a typed result."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_close(**common, result=given.result or "", text=given.text))


@router.post(f"{ONE}/steps/agree", response=MatterOut, summary="群众认可")
@endpoint(Permission.AGREE_MATTER, about="matter")
def step_agree(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: AgreeIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The reporter says it is solved."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_agree(**common, **given.dict()))


@router.post(f"{ONE}/steps/reopen", response=MatterOut, summary="没解决")
@endpoint(Permission.REOPEN_MATTER, about="matter")
def step_reopen(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: ProgressIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The reporter reopens it on its original clock."""
    common = _common(request, matter_id, if_match, idempotency_key)
    return _tagged(response, api.matter_reopen(**common, reason=given.text, photos=given.photos))


@types_router.get("/", response=list[MatterTypeOut], summary="What may be reported")
@endpoint(*READ)
def matter_type_list(request: HttpRequest, q: str = "", category: str = "") -> Any:
    """By name or code, and by category of the phone page."""
    return api.matter_types(q=q[:40], category=category)


@types_router.get("/categories", response=list[CategoryOut], summary="The categories of the phone page")
@endpoint(*READ)
def category_list(request: HttpRequest) -> Any:
    """With the type each reports by default."""
    return api.categories()


def _common(request: Any, matter_id: UUID, if_match: str | None, key: str | None) -> dict[str, Any]:
    """What every step is told."""
    version = version_of(if_match)
    return {"by": request.by, "matter_id": matter_id, "expected_version": version, "client_key": key or ""}


def _tagged(response: HttpResponse, found: api.MatterView) -> api.MatterView:
    response["ETag"] = found.etag
    return found


router.add_router("", road_router)
router.add_router("", followed_router)
