"""What modules above show of theirs at the head of the page of supervision."""

from __future__ import annotations

from collections.abc import Callable

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope

type_of_renderer = Callable[[By, Scope, str], str]

_panels: dict[str, tuple[int, type_of_renderer]] = {}


def register_board_panel(name: str, place: int, renderer: type_of_renderer) -> None:
    """Show a box there: renderer(by, scope, period) gives safe markup, empty for no box. The period is a month."""
    _panels[name] = (place, renderer)


def panels(by: By, scope: Scope, period: str) -> list[str]:
    """The boxes this person sees, lowest place first."""
    ordered = sorted(_panels.items(), key=lambda entry: (entry[1][0], entry[0]))
    drawn = [render(by, scope, period) for _, (_, render) in ordered]
    return [markup for markup in drawn if markup]
