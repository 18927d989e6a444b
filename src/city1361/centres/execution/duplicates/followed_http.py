"""/api/v1/matters: what the reporter of a merged report is told of the matter that is kept, and may say of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Router

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict
from city1361.centres.execution import api
from city1361.centres.execution.bodies import FollowedOut
from city1361.centres.execution.road.road_http import version_of
from city1361.centres.execution.steps.step_bodies import ProgressIn, RemarkIn
from city1361.centres.execution.terms import Permission

router = Router()
ONE = "/{uuid:matter_id}/followed"
KEY: Any = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")  # type: ignore[type-arg]
MATCH: Any = Header(None, alias="If-Match", description='the version you saw of the kept matter, as in ETag: "3"')  # type: ignore[type-arg]


@router.get(ONE, response=FollowedOut, summary="How the matter goes that my report was merged into")
@endpoint(Permission.REPORT_MATTER, about="report")
def followed_get(request: Any, response: HttpResponse, matter_id: UUID) -> Any:
    """409 for a report that was not merged. Its version stands in ETag."""
    return _followed(request, response, matter_id)


@router.post(
    f"{ONE}/agree", response=FollowedOut, summary="The kept matter is solved, says the reporter of a merged one"
)
@endpoint(Permission.AGREE_MATTER, about="report")
def followed_agree(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: RemarkIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The reporter of the merged report says it is solved; whose report is kept still answers for himself."""
    version, key = version_of(if_match), idempotency_key or ""
    api.matter_agree_merged(
        by=request.by, matter_id=matter_id, expected_version=version, client_key=key, text=given.text
    )
    return _followed(request, response, matter_id)


@router.post(f"{ONE}/reopen", response=FollowedOut, summary="The kept matter is not solved")
@endpoint(Permission.REOPEN_MATTER, about="report")
def followed_reopen(
    request: Any, response: HttpResponse, matter_id: UUID, *, given: ProgressIn,
    if_match: str | None = MATCH, idempotency_key: str | None = KEY,
) -> Any:  # fmt: skip
    """The reporter of the merged report reopens the kept matter on its original clock."""
    version, key = version_of(if_match), idempotency_key or ""
    api.matter_reopen_merged(
        by=request.by, matter_id=matter_id, expected_version=version, client_key=key, reason=given.text,
        photos=given.photos,
    )  # fmt: skip
    return _followed(request, response, matter_id)


def _followed(request: Any, response: HttpResponse, matter_id: UUID) -> api.FollowedView:
    found = api.followed(scope=request.scope, by=request.by, matter_id=matter_id)
    if found is None:
        raise Conflict("not_merged", "本事件没有并案", where="matter_id", remedy="请直接查看本事件")
    response["ETag"] = f'"{found.version}"'
    return found
