"""The demonstration rows of the packages in force: each table goes to the module that owns it."""

from __future__ import annotations

from collections.abc import Callable

from city1361.platform.applications.packages import queries
from city1361.platform.applications.packages.parts import demo_table, demo_tables


def generate(scale: str, report: Callable[[int, int], None]) -> None:
    """All of them at every scale: they are few. What is there already is not written again."""
    waiting = [(name, *brought) for name in demo_tables() for brought in queries.demonstration_rows(name).items()]
    for done, (name, package, rows) in enumerate(waiting):
        table = demo_table(name)
        if table is not None:
            table.load(package, rows)
        report(done + 1, len(waiting))
