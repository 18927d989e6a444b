"""Where higher modules tell the shells what to show: navigation entries, and who is signed in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from city1361.base.kernel.scope import Scope
from city1361.base.ui.terms import Identity, NavigationItem

_items: dict[str, NavigationItem] = {}
_identify: Callable[[HttpRequest], Identity | None] | None = None


def register_navigation(*items: NavigationItem) -> None:
    """Add entries; an address stands once per shell, the last registration counts."""
    for item in items:
        _items[f"{item.shell} {item.address}"] = item


def register_identity(identify: Callable[[HttpRequest], Identity | None]) -> None:
    """Say who works out the title and organisation of the person signed in."""
    global _identify
    _identify = identify


def navigation(shell: str, scope: Scope) -> list[NavigationItem]:
    """The entries of a shell that this person may use, in order."""
    allowed = [
        item
        for item in _items.values()
        if item.shell == shell and (not item.permission or scope.allows(item.permission))
    ]
    return sorted(allowed, key=lambda item: (item.order, item.address))


def identity(request: HttpRequest) -> Identity | None:
    """Who is signed in; None for a stranger."""
    return _identify(request) if _identify else None
