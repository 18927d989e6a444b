"""/api/v1/tickets: tickets of other systems (application credential), and their signed web-hooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field, ValidationError

from city1361.base.action.api import StrictSchema
from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, TooLarge
from city1361.centres.execution import api
from city1361.centres.execution.external import signing, tickets
from city1361.centres.execution.external.signing import Hook
from city1361.centres.execution.inputs import LONGEST_ADDRESS, LONGEST_TEXT
from city1361.centres.execution.listings.filters import LONGEST_CODE
from city1361.centres.execution.terms import CloseResult, MatterState, Urgency

router = Router()
PUSH = api.IntakePermission.PUSH_TICKET


class TicketIn(StrictSchema):
    """A ticket. What: matter_type, or category, or neither (其他). Where: lon and lat (GCJ-02 degrees), or the code of a
    grid, village or town in `area`, or both."""

    number: Annotated[str, Field(min_length=1, max_length=tickets.LONGEST_NUMBER)]
    description: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    matter_type: str = Field("", max_length=LONGEST_CODE)
    category: str = Field("", max_length=LONGEST_CODE)
    urgency: Urgency = Urgency.NORMAL
    occurred_at: AwareDatetime | None = None
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    area: str = Field("", max_length=LONGEST_CODE)
    address: str = Field("", max_length=LONGEST_ADDRESS)
    contact_name: str = Field("", max_length=40)
    contact_phone: str = Field("", max_length=20)


class TicketOut(Schema):
    """The ticket's matter, and what its own system last said of it."""

    number: str
    matter_id: UUID
    matter_number: str
    state: MatterState
    version: int
    result: CloseResult | None
    total_due_at: datetime
    status: str


class HookIn(StrictSchema):
    """What a web-hook says: the ticket's number, its status in the sender's words, perhaps a sentence."""

    number: Annotated[str, Field(min_length=1, max_length=tickets.LONGEST_NUMBER)]
    status: Annotated[str, Field(min_length=1, max_length=tickets.LONGEST_STATUS)]
    text: str = Field("", max_length=tickets.LONGEST_TEXT)


class HookOut(Schema):
    """The message was taken in."""

    delivery: str


@router.post("/", response={201: TicketOut}, summary="Push a ticket")
@endpoint(PUSH)
def ticket_push(request: Any, given: TicketIn) -> Any:
    """Once for each number: the same again gets the same matter, another body under a known number is 409."""
    report = given.dict()
    return Status(201, api.ticket_take(by=request.by, area_code=report.pop("area"), **report))


@router.get("/", response=TicketOut, summary="How a ticket stands")
@endpoint(PUSH)
def ticket_get(request: Any, number: str) -> Any:
    """One that the application itself pushed."""
    return api.ticket(by=request.by, number=number[: tickets.LONGEST_NUMBER])


@router.post("/hooks/{slug:system}", auth=None, response={202: HookOut}, summary="A signed web-hook of a ticket system")
@endpoint(public=True)
def ticket_hook(request: HttpRequest, system: str) -> Any:
    """Headers City1361-Timestamp, City1361-Delivery, City1361-Signature; body: number, status, text. See webhooks.md."""
    hook = _hook(request)
    api.hook_checked(system, hook)
    try:
        said = HookIn.model_validate_json(hook.body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "body"
        raise Invalid(
            "hook_unreadable", "消息内容无法识别", where=where, remedy="请按文档填写number、status、text"
        ) from error
    api.ticket_update(
        by=By.system(system, trace=getattr(request, "trace", "")),
        system=system,
        delivery=hook.delivery,
        digest=tickets.digest_of(hook.body),
        update=tickets.update_checked(said.number, said.status, said.text, at=hook.moment),
    )
    return Status(202, {"delivery": hook.delivery})


def _hook(request: HttpRequest) -> Hook:
    """The message as it came; one that says it is too large is not read at all."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdigit() or int(length) > signing.LONGEST_BODY:
        raise TooLarge("hook_too_large", "消息过大", where="body", remedy="最多64 KB")
    timestamp, delivery, signature = (
        request.headers.get(f"City1361-{name}", "")[:200] for name in ("Timestamp", "Delivery", "Signature")
    )
    return Hook(timestamp, delivery, signature, request.body)
