"""What a review is made of: sections of sentences and tables, the same for page, PDF and DOCX."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from city1361.centres.execution.api import Period
from city1361.centres.situation.answers import Board, Place


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table. address: the rows behind it."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a table. share: its width as part of all; end: numbers, which stand at the right; tight: never wrapped on
    a page."""

    title: str
    share: int = 2
    end: bool = False
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a section."""

    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def titled(self) -> list[list[tuple[Heading, Cell]]]:
        """Its rows, each cell with its column."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a review: sentences first, then a table."""

    heading: str
    sentences: tuple[str, ...] = field(default=())
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The review of an area and a period. over: the period has ended; closed_at: when its figures were kept."""

    title: str
    area: Place
    period: Period
    board: Board
    over: bool
    closed_at: datetime | None
    responsible: str
    sections: tuple[Section, ...]
