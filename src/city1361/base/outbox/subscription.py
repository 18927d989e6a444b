"""Who reacts to what: filled by the `reactions` module of each module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from city1361.base.outbox.terms import Event, Occurrence

Reaction = Callable[[Any, Occurrence], object]
Declared = TypeVar("Declared", bound=Reaction)

_reactions: dict[str, tuple[type[Event], Reaction]] = {}


def reacts_to(*kinds: type[Event]) -> Callable[[Declared], Declared]:
    """Declare `f(event, occurrence)` as a reaction to these kinds of events.

    It runs in the worker, in a transaction of its own, after the event's transaction committed; at least once. Its
    writes are kept together with the note that it ran, so they happen once. What it does outside the data base may
    happen again: use `occurrence.id` as the key. If it raises, it is tried again, ever later; no order is promised
    between events then, so a reaction reads the present state instead of trusting the event's. Its name (module and
    function) is its identity: renaming it leaves deliveries of the old name behind.
    """

    def declare(reaction: Declared) -> Declared:
        name = f"{reaction.__module__.removeprefix('city1361.')}.{reaction.__name__}"
        for kind in kinds:
            key = f"{name}:{kind.name}" if len(kinds) > 1 else name
            known = _reactions.get(key)
            if known is not None and known[1].__code__ is not reaction.__code__:
                raise TypeError(f"two reactions are called {key}")
            _reactions[key] = (kind, reaction)
        return reaction

    return declare


def reactions_to(name: str) -> list[str]:
    """The reactions to events of that name."""
    return sorted(key for key, (kind, _) in _reactions.items() if kind.name == name)


def reaction(name: str) -> Reaction | None:
    """The reaction of that name, if this version still has it."""
    found = _reactions.get(name)
    return found[1] if found else None
