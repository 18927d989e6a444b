"""What `/api/v1/figures` takes and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from city1361.base.action.api import StrictSchema
from city1361.centres.situation.answers import Board, FigureView, Line
from city1361.centres.situation.decisions import Fraction
from city1361.centres.situation.terms import FigureUnit


class FractionOut(Schema):
    """Above and below the line; percent without, percent_before with what was left out."""

    numerator: int
    denominator: int
    left_out: int
    numerator_before: int
    percent: float | None
    percent_before: float | None

    @staticmethod
    def resolve_percent(value: Fraction) -> float | None:
        return value.percent

    @staticmethod
    def resolve_percent_before(value: Fraction) -> float | None:
        return value.percent_before


class LevelAreaOut(Schema):
    """An area."""

    id: UUID
    name: str
    level: str


class LineOut(Schema):
    """A kind of what is left out or counted otherwise. address: its rows."""

    label: str
    count: int
    address: str

    @staticmethod
    def resolve_label(value: Line) -> str:
        return _(value.label)


class CorrectionOut(Schema):
    """更正: what was told when the period was over."""

    value: float | None
    fraction: FractionOut
    at: datetime


class FigureOut(Schema):
    """A number with its definition (口径), period, moment, responsible unit and the addresses of its rows."""

    code: str
    label: str
    definition: str
    unit: FigureUnit
    value: float | None
    fraction: FractionOut
    period: str
    moment: datetime
    responsible: str
    address: str
    address_below: str
    left_out: list[LineOut]
    companion: str
    stock: bool
    correction: CorrectionOut | None

    @staticmethod
    def resolve_label(value: FigureView) -> str:
        return _(value.label)

    @staticmethod
    def resolve_definition(value: FigureView) -> str:
        return "".join(_(sentence) for sentence in value.definition)


class BoardOut(Schema):
    """The figures of an area."""

    area: LevelAreaOut
    trail: list[LevelAreaOut]
    below: list[LevelAreaOut]
    period: str
    closed_at: datetime | None
    moment: datetime
    stale: bool
    figures: list[FigureOut]

    @staticmethod
    def resolve_period(value: Board) -> str:
        return value.period.text


class AreaFigureOut(Schema):
    """A figure of one of several areas or types."""

    key: str
    name: str
    value: float | None
    fraction: FractionOut
    address: str


class PointOut(Schema):
    """A figure of one period of a trend."""

    first: date
    period: str
    value: float | None
    fraction: FractionOut
    known: bool


class BoardIn(StrictSchema):
    """Which area (one's own), which period: 2026-11-23, 2026-W47 or 2026-11 (this month)."""

    area: UUID | None = None
    period: str = Field("", max_length=10)


class FiguresIn(BoardIn):
    """And which figures; all when none is named."""

    codes: list[str] = Field(default_factory=list, max_length=100)


class TrendIn(StrictSchema):
    """Which area, how long a period, how many of them up to now."""

    area: UUID | None = None
    kind: Literal["day", "week", "month"] = "day"
    points: int = Field(30, ge=1, le=400)
