"""What sealed values are bound to: each module says which purposes its own can have, so that they can be sealed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sealed value was found. row: the primary key, when it is one column. name: the nearest key in JSON that
    is not `sealed` itself."""

    table: str
    column: str
    row: str
    name: str = ""


Purposes = Callable[[Spot], Iterable[str]]
_purposes: dict[str, Purposes] = {}


def register_purposes(name: str, purposes: Purposes) -> None:
    """Say what a value at a spot may be bound to; none for the spots of others. Asked in a transaction as the owner."""
    _purposes[name] = purposes


def purposes_of(spot: Spot) -> Iterable[str]:
    for purposes in _purposes.values():
        yield from purposes(spot)
