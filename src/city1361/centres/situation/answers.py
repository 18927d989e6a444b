"""What the module answers with: frozen values. Labels and definitions are zh-Hans msgids, names are data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from city1361.base.kernel.scope import Level
from city1361.centres.execution.api import Period
from city1361.centres.situation.decisions import Fraction
from city1361.centres.situation.terms import FigureUnit


@dataclass(frozen=True, slots=True)
class Place:
    """An area as figures name it."""

    id: UUID
    name: str
    level: Level


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of what is left out or counted otherwise: how many, and where their rows stand."""

    label: str
    count: int
    address: str


@dataclass(frozen=True, slots=True)
class Correction:
    """更正: what was told when the period was over and is no longer what it comes to."""

    fraction: Fraction
    value: float | int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number with all that belongs to it.

    value: the number, or the rate in per cent; None where nothing is below the line. moment: what it is true of.
    responsible: the unit that answers for it. address: the rows behind it; address_below: those below the line.
    """

    code: str
    label: str
    definition: tuple[str, ...]
    unit: FigureUnit
    value: float | int | None
    fraction: Fraction
    period: str
    moment: datetime
    responsible: str
    address: str
    address_below: str
    left_out: tuple[Line, ...]
    companion: str
    stock: bool
    correction: Correction | None = None

    @property
    def before(self) -> float | None:
        """A rate as it was with what is left out counted in; None where that changes nothing."""
        return self.fraction.percent_before if self.fraction.denominator and self.fraction.differs_before else None


@dataclass(frozen=True, slots=True)
class Board:
    """The figures of an area. moment: every change up to then is counted in. stale: that is more than a minute ago."""

    area: Place
    trail: tuple[Place, ...]
    below: tuple[Place, ...]
    period: Period
    closed_at: datetime | None
    moment: datetime
    stale: bool
    figures: tuple[FigureView, ...]

    def __getitem__(self, code: str) -> FigureView:
        return {one.code: one for one in self.figures}[code]


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """A figure of one of several areas, or of one of several types."""

    key: str
    name: str
    value: float | int | None
    fraction: Fraction
    address: str


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one period of a trend. known: False where nobody kept what the stock was."""

    first: date
    period: str
    value: float | int | None
    fraction: Fraction
    known: bool = True


@dataclass(frozen=True, slots=True)
class CheckView:
    """A check of the counts against a recount. differences: the first of them, in words."""

    at: datetime
    compared: int
    differing: int
    differences: tuple[str, ...]
    seconds: float
