"""What modules above show of theirs on the page of a matter: boxes beside its place, and buttons beside its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.answers import MatterView

type_of_renderer = Callable[[By, Scope, MatterView], str]


@dataclass(frozen=True, slots=True)
class CaseButton:
    """A button that leads to a page of another module. label is a msgid."""

    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class CaseBox:
    """A box of another module, drawn already."""

    name: str
    markup: str


_panels: dict[str, tuple[int, type_of_renderer]] = {}
_steps: dict[str, tuple[int, str, type_of_renderer]] = {}


def register_case_panel(name: str, place: int, renderer: type_of_renderer) -> None:
    """Show a box on the page of every matter: renderer(by, scope, matter) gives safe markup, empty for no box."""
    _panels[name] = (place, renderer)


def register_case_step(name: str, place: int, label: str, address: type_of_renderer) -> None:
    """Show a button among the steps: address(by, scope, matter) gives where it leads, empty for whoever may not."""
    _steps[name] = (place, label, address)


def boxes(by: By, scope: Scope, matter: MatterView) -> list[CaseBox]:
    """The boxes this person sees, lowest place first."""
    drawn = ((name, render(by, scope, matter)) for name, (_, render) in sorted(_panels.items(), key=_by_place))
    return [CaseBox(name, markup) for name, markup in drawn if markup]


def buttons(by: By, scope: Scope, matter: MatterView) -> list[CaseButton]:
    """The buttons this person may use, lowest place first."""
    ordered = sorted(_steps.items(), key=_by_place)
    offered = ((name, label, address(by, scope, matter)) for name, (_, label, address) in ordered)
    return [CaseButton(name, label, address) for name, label, address in offered if address]


def _by_place(entry: tuple[str, tuple[int, *tuple[object, ...]]]) -> tuple[int, str]:
    return entry[1][0], entry[0]
