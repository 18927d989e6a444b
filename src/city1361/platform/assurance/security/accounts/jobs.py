"""Periodic work of accounts."""

from __future__ import annotations

from django.core.management import call_command

from city1361.base.outbox.api import periodic
from city1361.platform.assurance.security.accounts import attempts


@periodic(cron="*/10 * * * *", name="accounts.forget_attempts")
def forget_attempts() -> int:
    """Failed attempts and spent codes that no longer count."""
    return attempts.forget_old()


@periodic(cron="17 * * * *", name="accounts.clear_sessions")
def clear_sessions() -> None:
    """Sessions whose cookie has expired."""
    call_command("clearsessions")
