"""Words of situation: what a figure is, what it is counted in, who answers for it."""

from __future__ import annotations

from enum import StrEnum

from city1361.centres.execution.api import PeriodKind

__all__ = [
    "PERIOD_LABELS",
    "REVIEW_LABELS",
    "UNIT_LABELS",
    "FigureUnit",
    "Permission",
    "Responsible",
    "ReviewState",
    "RowsOf",
]


class FigureUnit(StrEnum):
    """What a figure is counted in."""

    MATTERS = "matters"
    VISITS = "visits"
    PERCENT = "percent"


class Responsible(StrEnum):
    """Which unit of the area answers for a figure: its centre, whatever the area."""

    CENTRE = "area_centre"


class RowsOf(StrEnum):
    """Where the rows behind a figure stand: in the list of matters, or among the return visits."""

    MATTERS = "matter_rows"
    VISITS = "visit_rows"


class ReviewState(StrEnum):
    """How far a written review is."""

    REVIEW_WAITING = "review_waiting"
    REVIEW_WRITING = "review_writing"
    REVIEW_READY = "review_ready"
    REVIEW_FAILED = "review_failed"
    REVIEW_EXPIRED = "review_expired"


class Permission(StrEnum):
    """What somebody may be allowed to do here."""

    READ_FIGURES = "situation.read_figures"
    CHECK_COUNTERS = "situation.check_counters"
    REBUILD_COUNTERS = "situation.rebuild_counters"
    CLOSE_PERIOD = "situation.close_period"


UNIT_LABELS = {FigureUnit.MATTERS: "件", FigureUnit.VISITS: "件", FigureUnit.PERCENT: "%"}
PERIOD_LABELS = {PeriodKind.DAY: "日", PeriodKind.WEEK: "周", PeriodKind.MONTH: "月"}
REVIEW_LABELS = {
    ReviewState.REVIEW_WAITING: "排队中",
    ReviewState.REVIEW_WRITING: "生成中",
    ReviewState.REVIEW_READY: "已生成",
    ReviewState.REVIEW_FAILED: "未成功",
    ReviewState.REVIEW_EXPIRED: "已过期",
}
