"""Telling other systems what becomes of their tickets: signed web-hooks, tried again until they arrive, in order."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import api as outbox
from city1361.centres.execution.entry.intake_terms import DeliveryState, Direction, IntakePermission
from city1361.centres.execution.external import guarded_http, signing, tickets
from city1361.centres.execution.external.guarded_http import Answer, CallRefused
from city1361.centres.execution.models import ExternalNumber, MatterMerge, MatterStep, TicketDelivery, TicketSystem
from city1361.centres.execution.terms import Step

JOB = "execution.deliver_tickets"
BATCH = 50
# Seconds to wait after each failed attempt; after the last it is given up.
WAITS = (10, 30, 120, 600, 1800, 3600, 7200, 14400)
GONE = 410
# Steps another system hears of; what is between the officials stays there.
TOLD = frozenset(
    {
        Step.REPORT, Step.ADMIT, Step.REFUSE, Step.ACKNOWLEDGE, Step.ROUTE, Step.ASSIGN, Step.SEND_UP, Step.SEND_BACK,
        Step.REPORT_PROGRESS, Step.REQUEST_CLOSE, Step.CHECK_FAIL, Step.CLOSE, Step.AGREE, Step.REOPEN, Step.MERGE,
        Step.SPLIT, Step.VOID,
    }
)  # fmt: skip
SPOKEN = frozenset({Step.REFUSE, Step.REPORT_PROGRESS, Step.REQUEST_CLOSE, Step.CLOSE})


def ticket_tell(*, matter_id: UUID, version: int, step: Step, key: UUID) -> int:
    """Queue what happened to a matter for every system that has a number for it, or for a report merged into it.

    key: of the occurrence: told twice, it is queued once. Returns how many were queued. Runs under the system's scope.
    """
    if step not in TOLD:
        return 0
    matters = [
        matter_id,
        *MatterMerge.objects.filter(kept=matter_id, split_at=None).values_list("duplicate", flat=True),
    ]
    listening = TicketSystem.objects.exclude(address="").values_list("code", flat=True)
    numbers = ExternalNumber.objects.filter(matter__in=matters, system__in=list(listening)).order_by("id")
    now = clock.now()
    rows = [
        TicketDelivery(
            system_id=one.system,
            direction=Direction.OUTBOUND.value,
            delivery=f"{key}-{place}",
            number=one.number,
            matter_id=matter_id,
            version=version,
            subject=step.value,
            state=DeliveryState.WAITING.value,
            next_at=now,
            created_at=now,
        )
        for place, one in enumerate(numbers)
    ]
    if rows:
        TicketDelivery.objects.bulk_create(rows, ignore_conflicts=True)
        outbox.defer(JOB, key=JOB, lock=JOB)
    return len(rows)


def deliver_tickets() -> int:
    """Send what is due, in order for each ticket: a later message waits for an earlier one. Returns how many arrived."""
    with database.scoped(Scope.everything()):
        waiting = TicketDelivery.objects.select_related("system").filter(state=DeliveryState.WAITING.value)
        rows = list(waiting.order_by("id")[: BATCH * 4])
    now, held, arrived, sent = clock.now(), set(), 0, 0
    for row in rows:
        ticket = (row.system_id, row.number)
        if ticket in held or sent >= BATCH:
            continue
        if row.next_at is not None and row.next_at > now:
            held.add(ticket)
            continue
        sent += 1
        if _deliver(row):
            arrived += 1
        else:
            held.add(ticket)
    return arrived


def _deliver(row: TicketDelivery) -> bool:
    """One attempt, with no transaction open while the other side thinks. True when it need not be held back for."""
    with database.scoped(Scope.everything()):
        body = _body(row)
    row.attempts, row.digest = row.attempts + 1, tickets.digest_of(body)
    try:
        answer = _send(row, body)
        row.answer, row.problem = answer.status, "" if answer.status < 300 else f"HTTP {answer.status}"
    except CallRefused as refused:
        row.answer, row.problem = None, refused.code
    _settle(row, clock.now())
    with database.scoped(Scope.everything()):
        row.save(update_fields=["attempts", "digest", "answer", "problem", "state", "next_at", "settled_at"])
    return row.state != DeliveryState.WAITING


def _send(row: TicketDelivery, body: bytes) -> Answer:
    timestamp = str(int(clock.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "city1361",
        "City1361-Timestamp": timestamp,
        "City1361-Delivery": row.delivery,
        "City1361-Signature": signing.signature(row.system.secret, timestamp, row.delivery, body),
    }
    return guarded_http.post(row.system.address, body, headers, private=settings.WEBHOOK_HOSTS)


def _settle(row: TicketDelivery, now: datetime) -> None:
    if not row.problem:
        row.state, row.next_at, row.settled_at = DeliveryState.DELIVERED.value, None, now
    elif row.answer == GONE or row.attempts > len(WAITS):
        row.state, row.next_at, row.settled_at = DeliveryState.GIVEN_UP.value, None, now
    else:
        row.next_at = now + timedelta(seconds=WAITS[row.attempts - 1])


def _body(row: TicketDelivery) -> bytes:
    """What is said: the same bytes at every attempt, as the matter stood after that step."""
    step = MatterStep.objects.select_related("matter").get(matter=row.matter_id, version=row.version)
    said: dict[str, Any] = {
        "system": row.system_id,
        "number": row.number,
        "matter": step.matter.number,
        "version": row.version,
        "step": step.step,
        "state": step.after,
        "at": step.at.isoformat(),
        "result": step.result or None,
        "text": step.text if Step(step.step) in SPOKEN else "",
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@action(IntakePermission.MANAGE_TICKET_SYSTEMS)
def ticket_redeliver(*, by: By, delivery_id: UUID) -> Outcome[None]:
    """Try a message again that was given up. Raises Missing."""
    given_up = TicketDelivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id)
    row = given_up.filter(state=DeliveryState.GIVEN_UP.value).first()
    if row is None:
        raise Missing()
    row.state, row.attempts, row.next_at, row.settled_at = DeliveryState.WAITING.value, 0, clock.now(), None
    row.save(update_fields=["state", "attempts", "next_at", "settled_at"])
    outbox.defer(JOB, key=JOB, lock=JOB)
    facts = {"system": row.system_id, "delivery": row.delivery}
    return Outcome(None, subject=Subject("ticket_delivery", row.id), facts=facts)


def ticket_deliveries(*, scope: Scope, by: By, state: str = "", most: int = 100) -> list[TicketDelivery]:
    """The latest messages both ways, newest first, of matters the scope may see. Raises Missing for others."""
    registry.authorise(by, IntakePermission.MANAGE_TICKET_SYSTEMS)
    if not scope.allows(IntakePermission.MANAGE_TICKET_SYSTEMS):
        raise Missing()
    found = TicketDelivery.objects.order_by("-id")
    return list((found.filter(state=state) if state else found)[:most])
