"""/api/v1/matters: the steps of the road through three levels, and what was handed over, asked for and excluded."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Router

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid
from city1361.centres.execution import api
from city1361.centres.execution.bodies import MatterOut
from city1361.centres.execution.road import road_bodies
from city1361.centres.execution.steps.doors import DOORS, Door
from city1361.centres.execution.terms import PERMISSION_OF, STEP_LABELS, ExclusionKind, Permission, Step

router = Router()
READ = (Permission.READ_MATTER, Permission.REPORT_MATTER)
ONE = "/{uuid:matter_id}"
KEY: Any = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")  # type: ignore[type-arg]
MATCH: Any = Header(None, alias="If-Match", description='the version you saw, as in ETag: "3"')  # type: ignore[type-arg]


def _open(step: Step, door: Door) -> None:
    """One documented endpoint for one step."""

    def take(
        request: Any, response: HttpResponse, matter_id: UUID, *, given: door.body,  # type: ignore[name-defined]
        if_match: str | None = MATCH, idempotency_key: str | None = KEY,
    ) -> Any:  # fmt: skip
        values = given.dict()
        if door.reason:
            values["reason"] = values.pop("text")
        version, key = version_of(if_match), idempotency_key or ""
        taken = door.act(by=request.by, matter_id=matter_id, expected_version=version, client_key=key, **values)
        response["ETag"] = taken.etag
        return taken

    take.__name__, take.__doc__ = f"step_{step.value}", door.about
    guarded = endpoint(PERMISSION_OF[step], about="matter")(take)
    path = f"{ONE}/steps/{step.value}"
    router.post(path, response=MatterOut, summary=STEP_LABELS[step], operation_id=f"step_{step.value}")(guarded)


for _step, _door in DOORS.items():
    _open(_step, _door)


@router.get(f"{ONE}/choices", response=list[road_bodies.StepChoiceOut], summary="What a field of a step may be")
@endpoint(Permission.READ_MATTER, about="matter")
def choice_list(request: Any, matter_id: UUID, field: str) -> Any:
    """field: handler_post, lead_post, lower_centre, party, own_post, organisation or owner."""
    return api.step_choices(scope=request.scope, matter_id=matter_id, field=field)


@router.get(f"{ONE}/hand-overs", response=list[road_bodies.HandOverOut], summary="Receipts")
@endpoint(*READ, about="matter")
def hand_over_list(request: Any, matter_id: UUID) -> Any:
    """Every time it changed hands, oldest first."""
    return api.hand_overs(scope=request.scope, matter_id=matter_id)


@router.get(f"{ONE}/approvals", response=list[road_bodies.ApprovalOut], summary="What was asked for")
@endpoint(Permission.READ_MATTER, about="matter")
def approval_list(request: Any, matter_id: UUID) -> Any:
    """And what became of it, oldest first."""
    return api.approvals(scope=request.scope, matter_id=matter_id)


@router.get(f"{ONE}/exclusions", response=list[road_bodies.ExclusionOut], summary="What was excluded of it")
@endpoint(Permission.READ_MATTER, about="matter")
def matter_exclusion_list(request: Any, matter_id: UUID) -> Any:
    """With the limits before and after."""
    return api.exclusions_of(scope=request.scope, matter_id=matter_id)


@router.get(f"{ONE}/rulings", response=list[road_bodies.RulingOut], summary="Precedents for who is responsible")
@endpoint(Permission.READ_MATTER, about="matter")
def ruling_list(request: Any, matter_id: UUID) -> Any:
    """The same type in the same town first, then in the same district."""
    return api.rulings_offered(scope=request.scope, matter_id=matter_id)


@router.get("/shelved", response=list[road_bodies.ShelvedOut], summary="The library of shelved matters")
@endpoint(Permission.READ_MATTER)
def shelved_list(request: Any) -> Any:
    """The next to be looked at first."""
    return api.shelved(scope=request.scope)


@router.get("/exclusions", response=list[road_bodies.ExclusionOut], summary="剔除清单")
@endpoint(Permission.READ_MATTER)
def exclusion_list(request: Any, kind: ExclusionKind | None = None) -> Any:
    """Everything that was excluded, newest first."""
    return api.exclusions(scope=request.scope, kind=kind)


def version_of(if_match: str | None) -> int:
    """The version in an If-Match header. Raises Invalid."""
    text = (if_match or "").strip().removeprefix("W/").strip('"')
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Invalid(
            "version_needed", "缺少您所看到的版本", where="If-Match", remedy='请带上查看时收到的ETag，如If-Match: "3"'
        )
    return int(text)
