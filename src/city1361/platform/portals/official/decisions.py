"""Which home somebody gets. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from city1361.platform.portals.official.terms import HomeCard, Shell


def landing(cards: Sequence[HomeCard]) -> HomeCard | None:
    """The page that home leads straight to: the first landing card there is."""
    return next((card for card in cards if card.landing), None)


def shell_of(cards: Sequence[HomeCard]) -> Shell:
    """A desk for whoever has anything to do at one, and for those with nothing yet; a phone for the others."""
    shells = {card.shell for card in cards if card.permissions}
    return Shell.PHONE if shells == {Shell.PHONE} else Shell.DESK
