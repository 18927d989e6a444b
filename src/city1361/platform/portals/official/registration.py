"""Where modules above tell the home page what they bring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.http import HttpRequest

from city1361.base.kernel.scope import Scope
from city1361.base.ui import api as ui
from city1361.platform.components.processes import api as processes
from city1361.platform.portals.official.decisions import is_open
from city1361.platform.portals.official.terms import HomeCard, HomeSection, Shell

type_of_section = Callable[[HttpRequest], HomeSection]
type_of_clocks = Callable[[Sequence[processes.WorkItemView]], Mapping[UUID, ui.Clock]]

_cards: dict[str, HomeCard] = {}
_sections: dict[str, tuple[Shell, str, type_of_section]] = {}
_clocks: dict[str, type_of_clocks] = {}


def register_card(*cards: HomeCard) -> None:
    """Add ways into something. An address stands once per shell."""
    for card in cards:
        _cards[f"{card.shell} {card.address}"] = card


def register_section(name: str, shell: Shell, permission: str, section: type_of_section) -> None:
    """Add a section for those who hold `permission`."""
    _sections[name] = (shell, permission, section)


def register_clocks(subject_kind: str, clocks: type_of_clocks) -> None:
    """Say how the limits of work items of these subjects are counted: their clocks, by the item's id, as the subject's own
    page shows them. An item that is left out counts natural time."""
    _clocks[subject_kind] = clocks


def clocks_of(items: Sequence[processes.WorkItemView]) -> dict[UUID, ui.Clock]:
    """The clocks that modules above count for some of these."""
    found: dict[UUID, ui.Clock] = {}
    for kind in sorted({item.subject_kind for item in items} & _clocks.keys()):
        found.update(_clocks[kind]([item for item in items if item.subject_kind == kind]))
    return found


def cards(scope: Scope) -> list[HomeCard]:
    """The ways that are open to this person, in order."""
    return sorted(
        (card for card in _cards.values() if is_open(card, scope)), key=lambda card: (card.order, card.address)
    )


def sections(request: HttpRequest, shell: Shell, scope: Scope) -> list[HomeSection]:
    """The sections of a shell for this person, filled."""
    return [
        section(request)
        for _, (where, permission, section) in sorted(_sections.items())
        if where is shell and scope.allows(permission)
    ]
