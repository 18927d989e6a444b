"""Other systems that send tickets: where they are told what becomes of them, and the secrets that sign both ways."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Invalid, Missing
from city1361.centres.execution import queries
from city1361.centres.execution.entry.intake_terms import IntakePermission
from city1361.centres.execution.external import guarded_http
from city1361.centres.execution.models import TicketSystem

OVERLAP = timedelta(hours=24)
SUBJECT = "ticket_system"


@dataclass(frozen=True, slots=True)
class TicketSystemView:
    """A registered system; its secret is shown once, when it is made."""

    code: str
    name: str
    address: str
    changed_at: datetime
    old_secret_until: datetime | None


@action(IntakePermission.MANAGE_TICKET_SYSTEMS)
def ticket_system_register(*, by: By, code: str, address: str = "") -> Outcome[str]:
    """Register a system of the city's list, or change where it is told. Answers a new secret, or nothing for a change of
    address alone. Raises Invalid."""
    known = queries.rules().systems
    if code not in known:
        raise Invalid(
            "unknown_external_system", "没有登记外部系统“{system}”", where="system",
            remedy="可用的系统：{known}", params={"system": code[:32], "known": "、".join(known)},
        )  # fmt: skip
    checked = _address(address)
    row = TicketSystem.objects.filter(code=code).first()
    facts = {"address": checked}
    if row is not None:
        row.address, row.changed_at = checked, clock.now()
        row.save(update_fields=["address", "changed_at"])
        return Outcome("", subject=Subject(SUBJECT, code, known[code]), facts=facts)
    secret = _fresh()
    TicketSystem.objects.create(code=code, address=checked, secret=secret, changed_at=clock.now())
    return Outcome(secret, subject=Subject(SUBJECT, code, known[code]), facts=facts)


@action(IntakePermission.MANAGE_TICKET_SYSTEMS)
def ticket_secret_rotate(*, by: By, code: str, overlap: timedelta = OVERLAP) -> Outcome[str]:
    """A new secret; the one before it is still believed for `overlap` (none: it is lost or stolen). Raises Missing."""
    row = TicketSystem.objects.select_for_update().filter(code=code).first()
    if row is None:
        raise Missing()
    now, secret = clock.now(), _fresh()
    row.previous_secret = row.secret if overlap > timedelta() else None
    row.previous_until = now + overlap if overlap > timedelta() else None
    row.secret, row.changed_at = secret, now
    row.save()
    facts = {"overlap_hours": overlap / timedelta(hours=1)}
    return Outcome(secret, subject=Subject(SUBJECT, code, system_name(code)), facts=facts)


def ticket_systems() -> list[TicketSystemView]:
    """Every registered system."""
    return [
        TicketSystemView(row.code, system_name(row.code), row.address, row.changed_at, row.previous_until)
        for row in TicketSystem.objects.order_by("code")
    ]


def secrets_of(code: str) -> list[str]:
    """The secrets that are believed now; none for a system that is not registered."""
    row = TicketSystem.objects.filter(code=code).first()
    if row is None:
        return []
    still = row.previous_secret and row.previous_until and clock.now() < row.previous_until
    return [row.secret, row.previous_secret] if still else [row.secret]


def system_name(code: str) -> str:
    """What the city calls the system."""
    return queries.rules().systems.get(code, code)


def _address(given: str) -> str:
    if not given:
        return ""
    try:
        guarded_http.parse(given, settings.WEBHOOK_HOSTS)
    except guarded_http.CallRefused as refused:
        raise Invalid(
            "bad_address", "不能推送到这个地址（{code}）", where="address",
            remedy="须为https地址；内网地址须先列入CITY1361_WEBHOOK_HOSTS", params={"code": refused.code},
        ) from refused  # fmt: skip
    return given


def _fresh() -> str:
    return secrets.token_hex(32)
