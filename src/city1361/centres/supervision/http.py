"""/api/v1/notices, /instructions, /sheets, /return-visits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Query, Router, Status

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.scope import AreaRef
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api
from city1361.centres.supervision.bodies import (
    CardIn,
    CountedIn,
    EscalateIn,
    InstructionIn,
    InstructionOut,
    NoticeIn,
    NoticeOut,
    PeriodIn,
    SheetOut,
    TextIn,
    ToVisitOut,
    VisitIn,
    VisitOut,
    VisitRowOut,
)
from city1361.centres.supervision.terms import Ladder, Permission
from city1361.platform.assurance.standards.areas import api as areas

notices, instructions, sheets, return_visits = Router(), Router(), Router(), Router()
READ = Permission.READ_SUPERVISION
ONE = "/{uuid:pk}"
KEY: Any = Header(None, alias="Idempotency-Key", description="one per submission; a repeated one gets the same answer")  # type: ignore[type-arg]


@notices.get("/", response=list[NoticeOut], summary="Reminders and cards in my scope")
@endpoint(READ)
def notice_list(request: Any, standing: bool = True) -> Any:
    """The newest hundred that stand, or that have ended."""
    return api.notices(scope=request.scope, by=request.by, standing=standing)


@notices.post("/", response={201: NoticeOut}, summary="提醒、催办")
@endpoint(Permission.SEND_NOTICE)
def notice_send(request: Any, response: HttpResponse, given: NoticeIn, idempotency_key: str | None = KEY) -> Any:
    """By the centre of the level or above."""
    told = given.dict(exclude={"rung"})
    made = api.notice_send(by=request.by, client_key=idempotency_key or "", rung=Ladder(given.rung), **told)
    return _made(response, "notices", made)


@notices.post("/cards", response={201: NoticeOut}, summary="黄牌督办、红牌督办")
@endpoint(Permission.ISSUE_CARD)
def card_issue(request: Any, response: HttpResponse, given: CardIn, idempotency_key: str | None = KEY) -> Any:
    """Red follows yellow."""
    made = api.card_issue(by=request.by, client_key=idempotency_key or "", **given.dict())
    return _made(response, "notices", made)


@notices.post("/escalations", response={201: NoticeOut}, summary="提级督办")
@endpoint(Permission.ISSUE_CARD)
def supervision_escalate(
    request: Any, response: HttpResponse, given: EscalateIn, idempotency_key: str | None = KEY
) -> Any:
    """A higher centre takes over."""
    made = api.supervision_escalate(by=request.by, client_key=idempotency_key or "", **given.dict())
    return _made(response, "notices", made)


@notices.get(ONE, response=NoticeOut, summary="One reminder or card")
@endpoint(READ, about="notice")
def notice_get(request: Any, pk: UUID) -> Any:
    """As the caller may see it."""
    return api.notice(scope=request.scope, by=request.by, notice_id=pk)


@notices.post(f"{ONE}/answer", response=NoticeOut, summary="答复")
@endpoint(Permission.ANSWER_NOTICE, about="notice")
def notice_answer(request: Any, pk: UUID, given: TextIn) -> Any:
    """By its target."""
    return api.notice_answer(by=request.by, notice_id=pk, text=given.text)


@notices.post(f"{ONE}/lift", response=NoticeOut, summary="解除督办")
@endpoint(Permission.ISSUE_CARD, about="notice")
def card_lift(request: Any, pk: UUID, given: TextIn) -> Any:
    """By the office that issued it."""
    return api.card_lift(by=request.by, notice_id=pk, text=given.text)


@instructions.post("/", response={201: InstructionOut}, summary="批示")
@endpoint(Permission.ISSUE_INSTRUCTION)
def instruction_issue(
    request: Any, response: HttpResponse, given: InstructionIn, idempotency_key: str | None = KEY
) -> Any:
    """Each target gets a 督办单."""
    made = api.instruction_issue(by=request.by, client_key=idempotency_key or "", **given.dict())
    return _made(response, "instructions", made)


@instructions.get(ONE, response=InstructionOut, summary="One instruction with its sheets")
@endpoint(READ, about="instruction")
def instruction_get(request: Any, pk: UUID) -> Any:
    """As the caller may see it."""
    return api.instruction(scope=request.scope, by=request.by, instruction_id=pk)


@sheets.get("/", response=list[SheetOut], summary="Sheets in my scope")
@endpoint(READ)
def sheet_list(request: Any, still_open: bool = True) -> Any:
    """The newest hundred that are open, or signed off."""
    return api.sheets(scope=request.scope, by=request.by, still_open=still_open)


@sheets.get(ONE, response=SheetOut, summary="One sheet")
@endpoint(READ, about="sheet")
def sheet_get(request: Any, pk: UUID) -> Any:
    """As the caller may see it."""
    return api.sheet(scope=request.scope, by=request.by, sheet_id=pk)


@sheets.post(f"{ONE}/feedback", response=SheetOut, summary="反馈")
@endpoint(Permission.FEED_BACK, about="sheet")
def sheet_feed_back(request: Any, pk: UUID, given: TextIn) -> Any:
    """By its target."""
    return api.sheet_feed_back(by=request.by, sheet_id=pk, text=given.text)


@sheets.post(f"{ONE}/sign-off", response=SheetOut, summary="销号")
@endpoint(Permission.SIGN_OFF, about="sheet")
def sheet_sign_off(request: Any, pk: UUID, given: TextIn) -> Any:
    """By the issuer's office and another person than the feedback's author."""
    return api.sheet_sign_off(by=request.by, sheet_id=pk, text=given.text)


@sheets.post(f"{ONE}/send-again", response=SheetOut, summary="退回补充")
@endpoint(Permission.SIGN_OFF, about="sheet")
def sheet_send_again(request: Any, pk: UUID, given: TextIn) -> Any:
    """The feedback does not do."""
    return api.sheet_send_again(by=request.by, sheet_id=pk, text=given.text)


@return_visits.get("/", response=list[VisitOut], summary="Return visits in my scope")
@endpoint(READ)
def visit_list(request: Any) -> Any:
    """The newest hundred."""
    return api.visits(scope=request.scope, by=request.by)


@return_visits.post("/", response={201: VisitOut}, summary="回访")
@endpoint(Permission.MAKE_VISIT)
def visit_make(request: Any, response: HttpResponse, given: VisitIn, idempotency_key: str | None = KEY) -> Any:
    """By somebody outside the handling unit; what is not solved reopens."""
    told = given.dict(exclude={"matter_id"})
    heard = api.Heard(**{**told, "satisfied": told["satisfied"] or ""})
    made = api.visit_make(by=request.by, client_key=idempotency_key or "", matter_id=given.matter_id, heard=heard)
    return _made(response, "return-visits", made)


@return_visits.get("/sample", response=list[ToVisitOut], summary="Matters to visit")
@endpoint(Permission.MAKE_VISIT)
def visit_sample(request: Any, wanted: Query[PeriodIn]) -> Any:
    """The same for everybody who sees the same matters; 自报自结 all of them."""
    return api.to_visit(scope=request.scope, by=request.by, period=wanted.period or api.this_month())


@return_visits.get("/counted", response=list[VisitRowOut], summary="The visits behind a figure")
@endpoint(READ)
def visit_counted(request: Any, wanted: Query[CountedIn]) -> Any:
    """Two hundred at a time, newest first."""
    return api.visit_rows(
        scope=request.scope, counted=wanted.counted, period=_period(wanted.period), area=_area(wanted.area),
        after=wanted.after,
    )  # fmt: skip


@return_visits.get(ONE, response=VisitOut, summary="One return visit")
@endpoint(READ, about="return_visit")
def visit_get(request: Any, pk: UUID) -> Any:
    """As the caller may see it."""
    return api.visit(scope=request.scope, by=request.by, visit_id=pk)


@return_visits.post(f"{ONE}/unreasonable", response=VisitOut, summary="不合理诉求认定")
@endpoint(Permission.JUDGE_CLAIM, about="return_visit")
def claim_judge(request: Any, pk: UUID, given: TextIn) -> Any:
    """By somebody outside the handling unit, with a reason."""
    return api.claim_judge(by=request.by, visit_id=pk, reason=given.text)


def _made(response: HttpResponse, prefix: str, made: Any) -> Any:
    response["Location"] = f"/api/v1/{prefix}/{made.id}"
    return Status(201, made)


def _period(text: str) -> execution.Period:
    return execution.period_from(text or api.this_month())


def _area(area: UUID | None) -> AreaRef | None:
    found = areas.area(area) if area else None
    return AreaRef(found.level, found.id) if found else None
