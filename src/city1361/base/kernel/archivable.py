"""What modules let go of when a month is old: declared below, done by `base.archive`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Archivable:
    """A table partitioned by month of `key` whose rows may leave the data base when they are old.

    goes: a SQL condition on one row `t`, true for rows nothing will happen to any more; `{before}` stands for the moment
    since which nothing may have happened. It must not
    change its mind when rows of other declared tables are gone.
    """

    table: str
    goes: str
    key: str = "id"


type_of_declaration = Callable[[], Iterable[Archivable]]
_declared: dict[str, type_of_declaration] = {}


def register_archivable(module: str, declared: type_of_declaration) -> None:
    """Declare the tables of a module. Asked when they are needed: a module above may have added to the conditions."""
    _declared[module] = declared


def archivable() -> tuple[Archivable, ...]:
    """Everything declared, from the lower floors to the higher."""
    return tuple(one for declared in _declared.values() for one in declared())
