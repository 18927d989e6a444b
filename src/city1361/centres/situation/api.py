"""The door of situation: figures for whoever asks, and the registry that modules above add their own to."""

from city1361.centres.situation.answers import (
    AreaFigure,
    Board,
    CheckView,
    Correction,
    FigureView,
    Line,
    Place,
    Point,
)
from city1361.centres.situation.boards import by_area, by_type, figures, trend
from city1361.centres.situation.checking import check, counters_check, counters_rebuild, last_check, rebuild
from city1361.centres.situation.closing import close_due, period_close
from city1361.centres.situation.decisions import Formula, Fraction
from city1361.centres.situation.declaring import Figure, LeftOut, declared, register_figure
from city1361.centres.situation.events import CountersDiffer
from city1361.centres.situation.folding import fold
from city1361.centres.situation.places import within
from city1361.centres.situation.reviews.composing import review
from city1361.centres.situation.reviews.making import (
    ReviewFile,
    expire_reviews,
    review_file,
    review_files,
    review_finish,
    review_make,
    review_write,
)
from city1361.centres.situation.terms import FigureUnit, Permission, Responsible, ReviewState, RowsOf

__all__ = [
    "AreaFigure",
    "Board",
    "CheckView",
    "Correction",
    "CountersDiffer",
    "Figure",
    "FigureUnit",
    "FigureView",
    "Formula",
    "Fraction",
    "LeftOut",
    "Line",
    "Permission",
    "Place",
    "Point",
    "Responsible",
    "ReviewFile",
    "ReviewState",
    "RowsOf",
    "by_area",
    "by_type",
    "check",
    "close_due",
    "counters_check",
    "counters_rebuild",
    "declared",
    "expire_reviews",
    "figures",
    "fold",
    "last_check",
    "period_close",
    "rebuild",
    "register_figure",
    "review",
    "review_file",
    "review_files",
    "review_finish",
    "review_make",
    "review_write",
    "trend",
    "within",
]
