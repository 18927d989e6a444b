"""/api/v1/work-items: another application pushes what somebody here must do, looks at it and takes it back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, Missing
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api
from city1361.platform.components.processes.bodies import EndIn, WorkItemIn, WorkItemOut, WorkItemsOut
from city1361.platform.components.processes.foreign_items import PAGE
from city1361.platform.components.processes.work_terms import Permission

router = Router()
ONE = "/{uuid:item_id}"


@router.post("/", response={201: WorkItemOut}, summary="Push a work item of one's own kind")
@endpoint(Permission.PUSH_WORK_ITEM)
def work_item_push(request: Any, given: WorkItemIn) -> Any:
    """The same key and body get the same work item; the same key with another body is 409."""
    return Status(201, api.work_item_push(by=request.by, key=given.key, new=_new(given)))


@router.get("/", response=WorkItemsOut, summary="What I pushed, the newest first")
@endpoint(Permission.PUSH_WORK_ITEM)
def work_item_list(request: Any, key: str = Query("", max_length=120), cursor: UUID | None = None) -> Any:  # type: ignore[type-arg]
    """Keyset paging: pass `next_cursor` of the answer as `cursor`. `key`: the one pushed under it."""
    found = api.work_items_pushed(request.by, key=key, after=cursor)
    return {"items": found, "next_cursor": str(found[-1].id) if len(found) == PAGE else ""}


@router.get(ONE, response=WorkItemOut, summary="One that I pushed")
@endpoint(Permission.PUSH_WORK_ITEM, about="work_item")
def work_item_read(request: Any, item_id: UUID) -> Any:
    return api.work_item_pushed(request.by, item_id)


@router.delete(ONE, response=WorkItemOut, summary="Take back one that I pushed")
@endpoint(Permission.PUSH_WORK_ITEM, about="work_item")
def work_item_withdraw(request: Any, item_id: UUID) -> Any:
    """Repeating it changes nothing."""
    return api.work_item_withdraw(by=request.by, item=item_id)


@router.post(f"{ONE}/end", response=WorkItemOut, summary="Say that it was done, or take it back")
@endpoint(Permission.PUSH_WORK_ITEM, about="work_item")
def work_item_end(request: Any, item_id: UUID, given: EndIn) -> Any:
    return api.work_item_withdraw(by=request.by, item=item_id, done=given.done)


def _new(given: WorkItemIn) -> api.WorkItemNew:
    """Codes become ids; one that is not there names its field."""
    above = areas.lineage(_found("area", areas.by_code, given.area).id)
    district, town, village, grid = (
        one.id if one else None for one in (above.district, above.town, above.village, above.grid)
    )
    organisation = _found("organisation", organisations.organisation_by_code, given.organisation)
    if given.post and _found("post", organisations.post_by_code, given.post).organisation_id != organisation.id:
        raise Invalid("post_elsewhere", "该岗位不属于该机构", where="post", remedy="请核对岗位代码")
    return api.WorkItemNew(
        kind=given.kind,
        title=given.title,
        holder=api.WorkItemHolder(organisation.id, given.post),
        area=api.AreaColumns(above.city.id, district, town, village, grid),
        address=given.address,
        due_at=given.due_at,
        amber_at=given.amber_at,
    )


def _found(field: str, look: Any, code: str) -> Any:
    try:
        return look(code)
    except Missing:
        raise Invalid(
            "code_unknown", "代码“{code}”不存在", where=field, remedy="请核对代码", params={"code": code}
        ) from None
