"""Failed attempts to prove an identity: counted before the secret is looked at, forgiven when it was right.

Counting first means that a hundred guesses at once are five guesses. The count lives in the database, so it holds over
processes and restarts, and it is the same for accounts that exist and for names nobody bears.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from city1361.base.kernel import clock
from city1361.platform.assurance.security.accounts import decisions
from city1361.platform.assurance.security.accounts.models import Attempt, SpentCode

CODES_COUNT_ONCE_FOR = timedelta(minutes=10)
"""Longer than a one-time code is accepted (90 seconds)."""

_FREE = {"address": decisions.FREE_FAILURES_OF_ADDRESS}


def _key(kind: str, name: str) -> str:
    return salted_hmac("city1361.attempt", f"{kind}:{name}", algorithm="sha256").hexdigest()


def begin(**names: str) -> datetime | None:
    """Count an attempt against each name (`account="duty"`, `address="10.0.0.1"`, `code="<account id>"`).

    Returns None when it may go on, or the moment until which attempts are refused; then nothing was counted.
    """
    with transaction.atomic():
        locked = [until for kind, name in sorted(names.items()) if (until := _count(kind, name)) is not None]
        if locked:
            transaction.set_rollback(True)
    return max(locked) if locked else None


def _count(kind: str, name: str) -> datetime | None:
    now, key = clock.now(), _key(kind, name)
    Attempt.objects.bulk_create([Attempt(key=key, failures=0, last_at=now)], ignore_conflicts=True)
    attempt = Attempt.objects.select_for_update().get(key=key)
    if attempt.locked_until is not None and attempt.locked_until > now:
        return attempt.locked_until
    one_in = decisions.ADDRESS_FORGETS_ONE_IN if kind == "address" else None
    attempt.failures, attempt.last_at = decisions.still_counted(attempt.failures, attempt.last_at, now, one_in)
    attempt.failures += 1
    wait = decisions.wait_after(attempt.failures, _FREE.get(kind, decisions.FREE_FAILURES))
    attempt.locked_until = now + wait if wait else None
    attempt.save()
    return None


def forgive(**names: str) -> None:
    """The attempt was right: forget an account's failures; take one back from an address, which others share."""
    for kind, name in sorted(names.items()):
        row = Attempt.objects.filter(key=_key(kind, name))
        if kind == "address":
            row.filter(failures__gt=0).update(failures=F("failures") - 1)
            row.filter(failures__lt=decisions.FREE_FAILURES_OF_ADDRESS).update(locked_until=None)
        else:
            row.delete()


def spend_code(account: object, code: str) -> bool:
    """Use up a one-time code. False when it was used already."""
    now, key = clock.now(), _key("spent", f"{account}:{code}")
    SpentCode.objects.filter(key=key, used_at__lt=now - CODES_COUNT_ONCE_FOR).delete()
    try:
        with transaction.atomic():
            SpentCode.objects.create(key=key, used_at=now)
    except IntegrityError:
        return False
    return True


def forget_old() -> int:
    """Delete what no longer counts. Returns how many rows went."""
    now = clock.now()
    old = Attempt.objects.filter(
        Q(locked_until=None) | Q(locked_until__lt=now), last_at__lt=now - decisions.FORGOTTEN_AFTER
    )
    spent = SpentCode.objects.filter(used_at__lt=now - CODES_COUNT_ONCE_FOR)
    return sum(rows.delete()[0] for rows in (old, spent))
