"""Sessions of accounts: when they began and were last seen, ending them, and a new id when rights change."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest

from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.outbox import api as outbox
from city1361.platform.assurance.security.accounts import decisions
from city1361.platform.assurance.security.accounts.events import SessionsEnded

BEGAN, SEEN, ACTIVE = "began_at", "seen_at", "appointment"
SEEN_EVERY = timedelta(seconds=60)
"""The session row is written at most so often: a limit of minutes needs no write per request."""


def is_over(session: MutableMapping[str, Any], *, by_itself: bool = False) -> bool:
    """True when the session of somebody signed in has reached a limit; otherwise it is noted as seen now, unless the
    page asked `by_itself`: a screen that nobody touches must not keep its session alive."""
    now = clock.now()
    began, seen = _moment(session.get(BEGAN), now), _moment(session.get(SEEN), now)
    idle, longest = timedelta(minutes=settings.SESSION_IDLE_MINUTES), timedelta(hours=settings.SESSION_HOURS)
    if decisions.session_over(began, seen, now, idle=idle, longest=longest):
        return True
    if BEGAN not in session:
        session[BEGAN] = now.isoformat()
    if SEEN not in session or (now - seen >= SEEN_EVERY and not by_itself):
        session[SEEN] = now.isoformat()
    return False


def _moment(text: Any, otherwise: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return otherwise


def _begin(sender: Any, request: HttpRequest, **_: Any) -> None:
    now = clock.now().isoformat()
    request.session[BEGAN] = request.session[SEEN] = now
    request.session.pop(ACTIVE, None)


def watch() -> None:
    """Note when sessions begin."""
    user_logged_in.connect(_begin, dispatch_uid="accounts.session_began")


def activate(request: HttpRequest, appointment: UUID) -> None:
    """Act under this appointment from now on. The session gets a new id, since its rights change."""
    before = request.session.session_key
    request.session[ACTIVE] = str(appointment)
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def active_of(session: MutableMapping[str, Any]) -> UUID | None:
    """The appointment chosen in this session; None for the main one."""
    try:
        return UUID(session[ACTIVE])
    except (KeyError, ValueError, TypeError):
        return None


def end_all(account: UUID, *, but: str = "") -> int:
    """End every session of an account, except the one with the key `but`. Returns how many ended."""
    ended = 0
    with transaction.atomic():
        for session in UserSession.objects.filter(user_id=account).exclude(session_key=but):
            session.end()
            ended += 1
        outbox.publish(SessionsEnded(account), by=By.system("sessions"))
    return ended
