"""Tickets of other systems: each becomes one matter, and both sides hear what the other says of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, TooLarge, Unauthenticated
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import inputs, queries
from city1361.centres.execution.entry.intake import intake_record
from city1361.centres.execution.entry.intake_terms import DeliveryState, Direction, IntakeKind, IntakePermission
from city1361.centres.execution.external import signing, ticket_systems
from city1361.centres.execution.external.signing import Hook
from city1361.centres.execution.models import ExternalNumber, TicketDelivery, TicketSystem
from city1361.centres.execution.reporting import matter_report
from city1361.centres.execution.road import participation
from city1361.centres.execution.terms import CloseResult, MatterState, Step
from city1361.platform.assurance.security.access import api as access
from city1361.platform.assurance.standards.areas import api as areas

LONGEST_NUMBER = 64
LONGEST_STATUS = 40
LONGEST_TEXT = 500
OVERTAKEN = "{status}（迟到的消息，不改变现状态）"


@dataclass(frozen=True, slots=True)
class TicketView:
    """What the sending system is told of its ticket."""

    number: str
    matter_id: UUID
    matter_number: str
    state: MatterState
    version: int
    result: CloseResult | None
    total_due_at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Update:
    """What another system says of its ticket: a status in its own words, perhaps a sentence; `at` by its own signed word."""

    number: str
    status: str
    text: str
    at: datetime


def ticket_take(*, by: By, number: str, area_code: str = "", **report: Any) -> TicketView:
    """Report a ticket of the application that asks, once for each of its numbers: the same again gets the same matter.

    Raises Missing for anybody but the application of a listed system, Conflict for a number with another body or of
    another application, Invalid naming the field.
    """
    system = _system(by)
    checked = inputs.text(number, where="number", needed=True, longest=LONGEST_NUMBER)
    _not_taken(by, system, checked)
    if area_code and not report.get("area_id"):
        report["area_id"] = _area(area_code)
    report["matter_type"] = report.pop("matter_type", "") or _type_of(report.pop("category", ""))
    report.pop("category", None)
    with transaction.atomic():
        made = matter_report(by=by, client_key=_key(system, checked), external_numbers={system: checked}, **report)
        intake_record(by=by, matter_id=made.id, kind=IntakeKind.TICKET)
    return ticket(by=by, number=checked)


def ticket(*, by: By, number: str) -> TicketView:
    """A ticket that the application itself sent. Raises Missing."""
    with database.scoped(registry.scope_of(by)):
        found = ExternalNumber.objects.select_related("matter").filter(system=_system(by), number=number).first()
        if found is None:
            raise Missing()
        row = queries.matter_row(registry.scope_of(by), found.matter_id)
    result = CloseResult(row.result) if row.result else None
    return TicketView(
        number, row.id, row.number, MatterState(row.state), row.version, result, row.total_due_at, found.status
    )


def hook_checked(system: str, hook: Hook) -> None:
    """Whether a web-hook is what it says it is. Raises Unauthenticated (forged, of an unknown system, too late or too
    early), TooLarge. A stranger learns nothing of which it was."""
    if len(hook.body) > signing.LONGEST_BODY:
        raise TooLarge("hook_too_large", "消息过大", where="body", remedy="最多64 KB")
    signed = signing.is_signed(hook, ticket_systems.secrets_of(system))
    if not signed or not signing.is_well_formed(hook):
        raise Unauthenticated("hook_not_signed", "签名不符", where="City1361-Signature", remedy="请按文档计算签名")
    if not signing.is_timely(hook.timestamp, clock.now().timestamp()):
        raise Unauthenticated("hook_too_late", "时间戳超出允许范围", where="City1361-Timestamp", remedy="请校准时钟后重新签名发送")  # fmt: skip


@action(IntakePermission.PUSH_TICKET)
def ticket_update(*, by: By, system: str, delivery: str, digest: str, update: Update) -> Outcome[None]:
    """What a checked web-hook says of a ticket: its status is kept, the history gets a line. For the system.

    Messages may overtake each other: one that was signed before the last is told, and leaves the later status standing.
    Raises Missing for an unknown number, Conflict for a delivery that was taken in before.
    """
    if not by.is_system:
        raise Missing()
    now = clock.now()
    found = ExternalNumber.objects.select_for_update().filter(system=system, number=update.number).first()
    if found is None:
        raise Missing("ticket_unknown", "没有这个编号的工单", where="number", remedy="请先推送工单")
    _once(TicketDelivery(
        system=TicketSystem.objects.get(pk=system), direction=Direction.INBOUND.value, delivery=delivery,
        number=found.number, matter_id=found.matter_id, subject=update.status, state=DeliveryState.DELIVERED.value,
        attempts=1, digest=digest, created_at=now, settled_at=now,
    ))  # fmt: skip
    overtaken = found.said_at is not None and update.at < found.said_at
    if not overtaken:
        found.status, found.said_at, found.updated_at = update.status, update.at, now
        found.save(update_fields=["status", "said_at", "updated_at"])
    said = _words(ticket_systems.system_name(system), update, overtaken=overtaken)
    noted = participation.note_on_matter(by=by, matter_id=found.matter_id, step=Step.EXTERNAL_UPDATE, text=said)
    facts = {"system": system, "number": update.number, "delivery": delivery, "digest": digest}
    return Outcome(None, subject=noted.subject, facts=facts, personal={"text": said}, events=(noted.event,))


def _words(name: str, update: Update, *, overtaken: bool) -> str:
    status = OVERTAKEN.format(status=update.status) if overtaken else update.status
    return f"{name}：{status}" + (f"。{update.text}" if update.text else "")


def update_checked(number: str, status: str, text: str, *, at: datetime) -> Update:
    """Raises Invalid naming the field."""
    return Update(
        inputs.text(number, where="number", needed=True, longest=LONGEST_NUMBER),
        inputs.text(status, where="status", needed=True, longest=LONGEST_STATUS),
        inputs.text(text, where="text", longest=LONGEST_TEXT),
        at,
    )


def digest_of(body: bytes) -> str:
    """What is kept of a message."""
    return hashlib.sha256(body).hexdigest()


def _once(message: TicketDelivery) -> None:
    """Keep the message; whichever of two that are the same comes second is refused."""
    TicketDelivery.objects.bulk_create([message], ignore_conflicts=True)
    if not TicketDelivery.objects.filter(pk=message.pk).exists():
        raise Conflict(
            "delivery_known", "这条消息已经收到过", where="City1361-Delivery", remedy="无需重发；新的消息请用新的编号"
        )


def _system(by: By) -> str:
    """The listed system whose application asks: its code is the application's."""
    acting = access.application_acting(by)
    if acting is None or acting.code not in queries.rules().systems:
        raise Missing()
    return acting.code


def _not_taken(by: By, system: str, number: str) -> None:
    with database.scoped(Scope.everything()):
        known = ExternalNumber.objects.select_related("matter").filter(system=system, number=number).first()
    if known is not None and known.matter.reporter_account != by.account:
        raise Conflict(
            "ticket_known", "这个编号的工单已由他处登记", where="number",
            remedy="事件{matter}；其状态会照常回传", params={"matter": known.matter.number},
        )  # fmt: skip


def _key(system: str, number: str) -> str:
    """The key of a ticket's report: short whatever the number looks like."""
    return f"ticket:{system}:{hashlib.sha256(number.encode()).hexdigest()[:24]}"[: inputs.LONGEST_KEY]


def _area(code: str) -> UUID:
    try:
        return areas.by_code(code).id
    except Missing as error:
        raise Invalid("unknown_area", "没有这个区域", where="area", remedy="请给出镇街、社区或网格的代码") from error


def _type_of(category: str) -> str:
    """The type that a category reports by default; without one, that of the last, which holds everything else."""
    known = {one.code: one.default_type for one in queries.rules().categories}
    if category and category not in known:
        raise Invalid(
            "unknown_category",
            "没有这个类别",
            where="category",
            remedy="可用：{known}",
            params={"known": "、".join(known)},
        )
    return known[category] if category else list(known.values())[-1]
