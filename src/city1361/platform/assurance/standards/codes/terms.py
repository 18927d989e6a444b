"""Words of code lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MATTER = "matter"
"""The kind of list that says what may happen (管理事项); its counterpart `component` says what stands in the city."""


@dataclass(frozen=True, slots=True)
class CodeListView:
    """A list: one kind of codes of one standard. `verified`: it was compared with its issuer's text."""

    standard: str
    kind: str
    kind_name: str
    title: str
    valid_from: date
    source: str
    verified: bool
    count: int


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code. Its first two digits are the major class, named `class_name`."""

    standard: str
    kind: str
    code: str
    name: str
    class_name: str
    verified: bool

    @property
    def major(self) -> str:
        return self.code[:2]
