"""What is wrong in a file, gathered until there is enough of it."""

from __future__ import annotations

from lxml import etree

from city1361.platform.components.processes.reading import line_of
from city1361.platform.components.processes.terms import Finding, ProcessRefused

MOST = 100


class TooMuch(Exception):
    """Enough has been found; nobody reads on."""


class Findings:
    """Gathers findings; `refuse` raises if there are any."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, code: str, where: etree._Element | int, element: str, message: str, remedy: str) -> None:
        line = where if isinstance(where, int) else line_of(where)
        self.found.append(Finding(element[:200], line, code, message[:500], remedy))
        if len(self.found) >= MOST:
            raise TooMuch

    def refuse(self) -> None:
        if self.found:
            raise ProcessRefused(tuple(self.found))
