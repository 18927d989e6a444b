"""Evidence of what people do with their own account: password, second factors, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from city1361.base.database.api import Spot
from city1361.base.evidence import api as evidence
from city1361.base.kernel.by import By, Subject
from city1361.platform.assurance.security.accounts.models import Account
from city1361.platform.assurance.security.accounts.terms import OwnAction

SECOND_FACTOR_PURPOSE = "accounts.second_factor"


def purposes(spot: Spot) -> list[str]:
    """What a sealed second factor is bound to, for sealing it anew."""
    return [SECOND_FACTOR_PURPOSE] if (spot.table, spot.column) == (Authenticator._meta.db_table, "data") else []


def remember(request: HttpRequest, account: Account, action: OwnAction, **facts: str) -> None:
    """Record it in the caller's transaction."""
    known: By | None = getattr(request, "by", None)
    by = known if known is not None and known.account else By(account.id, account.title, "web")
    with transaction.atomic():
        evidence.record(
            by=by,
            action=action,
            subject=Subject("account", account.id, account.title),
            facts=dict(facts),
            personal={"username": account.username},
        )


def _asking() -> HttpRequest | None:
    """The request in which this happens; None for a command or an administrator, whose own action is recorded."""
    request: HttpRequest | None = context.request
    return request if request is not None and request.user.is_authenticated else None


def _added(sender: type[Authenticator], instance: Authenticator, created: bool, **_: Any) -> None:
    request = _asking()
    if created and request is not None:
        renewed = instance.type == Authenticator.Type.RECOVERY_CODES
        action = OwnAction.RENEW_RECOVERY_CODES if renewed else OwnAction.ADD_SECOND_FACTOR
        remember(request, instance.user, action, kind=str(instance.type))


def _removed(sender: type[Authenticator], instance: Authenticator, **_: Any) -> None:
    request = _asking()
    if request is not None and instance.type != Authenticator.Type.RECOVERY_CODES:
        remember(request, instance.user, OwnAction.REMOVE_SECOND_FACTOR, kind=str(instance.type))


def watch() -> None:
    """Listen to the table of second factors itself: what goes another way than our pages is recorded as well."""
    post_save.connect(_added, sender=Authenticator, dispatch_uid="accounts.second_factor_added")
    post_delete.connect(_removed, sender=Authenticator, dispatch_uid="accounts.second_factor_removed")
