"""What every template may use as `ui`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from city1361.base.kernel import clock
from city1361.base.kernel.scope import Scope
from city1361.base.ui.registration import identity, navigation
from city1361.base.ui.terms import Interface, TextSize
from city1361.base.ui.texts import script_texts

SIZE_COOKIE = "city1361_size"


def text_size(request: HttpRequest) -> TextSize:
    """The size this browser asked for; the ordinary one when it asked for nothing, or for nonsense."""
    try:
        return TextSize(request.COOKIES.get(SIZE_COOKIE, TextSize.STANDARD))
    except ValueError:
        return TextSize.STANDARD


def _interface(request: HttpRequest) -> Interface:
    by, scope = getattr(request, "by", None), getattr(request, "scope", None) or Scope.nothing()
    account = by.account if by is not None else None
    return Interface(
        size=text_size(request),
        live=settings.LIVE_URL,
        account=str(account or ""),
        identity=identity(request) if account else None,
        navigation=[item for shell in ("desk", "phone") for item in navigation(shell, scope)] if account else [],
        now=timezone.localtime(clock.now()),
        demonstration=settings.DEMONSTRATION,
        texts=script_texts(),
        signin=resolve_url(settings.LOGIN_URL),
    )


def interface(request: HttpRequest) -> dict[str, Any]:
    """The context processor. Nothing is worked out for templates that do not ask."""
    return {"ui": SimpleLazyObject(lambda: _interface(request)), "text_size": text_size(request)}
