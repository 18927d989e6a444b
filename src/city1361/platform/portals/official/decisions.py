"""Which home somebody gets. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from city1361.base.kernel.scope import Scope
from city1361.platform.portals.official.terms import HomeCard, Shell


def is_open(card: HomeCard, scope: Scope) -> bool:
    """Whether this person may take this way: one permission of the card, and an area on one of its levels."""
    allowed = not card.permissions or any(scope.allows(permission) for permission in card.permissions)
    return allowed and (not card.levels or any(area.level in card.levels for area in scope.areas))


def landing(cards: Sequence[HomeCard]) -> HomeCard | None:
    """The page that home leads straight to: the first landing card there is."""
    return next((card for card in cards if card.landing), None)


def shell_of(cards: Sequence[HomeCard]) -> Shell:
    """A desk for whoever has anything to do at one, and for those with nothing yet; a phone for the others."""
    shells = {card.shell for card in cards if card.permissions}
    return Shell.PHONE if shells == {Shell.PHONE} else Shell.DESK
