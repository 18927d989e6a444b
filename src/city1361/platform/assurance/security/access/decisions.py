"""Pure rules of access: from an appointment to a scope, from a request to a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from city1361.base.kernel.endpoint import Endpoint
from city1361.base.kernel.scope import AreaRef, Scope


class Verdict(StrEnum):
    """What becomes of a request before its view runs."""

    GO_ON = "go_on"
    SIGN_IN = "sign_in"
    DENY = "deny"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Footing:
    """What of an appointment bounds what is seen. Residents stand on nothing but their own reports."""

    organisation: UUID | None
    area: AreaRef | None
    permissions: frozenset[str]
    ends: datetime | None


def scope_on(account: UUID, footing: Footing | None) -> Scope:
    """The scope of an account acting under one appointment: its area, its organisation, its permissions, its end.

    Never a union over appointments: what one appointment permits must not reach into the area of another.
    """
    if footing is None:
        return Scope(account=account)
    return Scope(
        account=account,
        organisations=frozenset({footing.organisation} if footing.organisation else ()),
        areas=frozenset({footing.area} if footing.area else ()),
        permissions=footing.permissions,
        expires=footing.ends,
    )


def verdict(asked: Endpoint | None, scope: Scope, *, open_duty: bool, own_account_page: bool) -> Verdict:
    """An endpoint that says nothing is for people who are signed in. `own_account_page`: where duties are done."""
    asked = asked or Endpoint()
    if asked.public:
        return Verdict.GO_ON
    if scope.account is None:
        return Verdict.SIGN_IN
    if open_duty and not own_account_page:
        return Verdict.DUTY
    if asked.permissions and not any(scope.allows(permission) for permission in asked.permissions):
        return Verdict.DENY
    return Verdict.GO_ON
