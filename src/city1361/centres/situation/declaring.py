"""The one registry of figures: wall, boards and API show what is declared here, each under its definition."""

from __future__ import annotations

from dataclasses import dataclass, field

from city1361.centres.situation.decisions import Formula
from city1361.centres.situation.models import COUNTS
from city1361.centres.situation.terms import FigureUnit, Responsible, RowsOf


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A kind of what a figure leaves out or counts otherwise: its count, and the rows behind it. Label is a msgid."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A declared number. label and the sentences of the definition (口径) are msgids.

    rows: the count whose rows stand behind it. stock: of now, whatever the period. overdue: of the stock, what is late.
    companion: a figure that always stands beside it.
    """

    code: str
    label: str
    definition: tuple[str, ...]
    unit: FigureUnit
    formula: Formula
    rows: str
    rows_of: RowsOf = RowsOf.MATTERS
    rows_below: str = ""
    left_out: tuple[LeftOut, ...] = field(default=())
    companion: str = ""
    stock: bool = False
    overdue: bool = False
    responsible: Responsible = Responsible.CENTRE


_figures: dict[str, Figure] = {}


def register_figure(figure: Figure) -> None:
    """Declare a figure. Raises ValueError for one that counts what is not counted, or stands already."""
    unknown = figure.formula.names - set(COUNTS)
    if unknown or figure.code in _figures:
        raise ValueError(f"{figure.code}: {', '.join(sorted(unknown)) or 'declared twice'}")
    _figures[figure.code] = figure


def declared() -> dict[str, Figure]:
    """Every figure by its code, in the order of declaration."""
    return dict(_figures)
