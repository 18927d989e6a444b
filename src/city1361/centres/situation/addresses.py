"""Where the rows behind a figure stand: in the list of matters or among the return visits, narrowed to just them."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from city1361.centres.execution.api import Period
from city1361.centres.situation.declaring import Figure, LeftOut
from city1361.centres.situation.terms import RowsOf


def rows(figure: Figure, area: UUID, period: Period, matter_type: str = "") -> str:
    """The rows of the number, or of what stands above the line."""
    if figure.overdue:
        return _matters({"area": str(area), "due": "overdue", "matter_type": matter_type})
    return _of(figure.rows_of, figure.rows, area, "" if figure.stock else period.text, matter_type)


def rows_below(figure: Figure, area: UUID, period: Period, matter_type: str = "") -> str:
    """The rows below the line; empty for a plain number."""
    return _of(figure.rows_of, figure.rows_below, area, period.text, matter_type) if figure.rows_below else ""


def left_out(figure: Figure, line: LeftOut, area: UUID, period: Period) -> str:
    """The rows that are left out or counted otherwise."""
    return _of(figure.rows_of, line.count, area, period.text, "")


def exclusions(area: UUID, period: Period) -> str:
    """剔除清单: what was excluded in the period, line by line."""
    return f"{reverse('exclusions')}?{urlencode({'area': str(area), 'period': period.text})}"


def board(area: UUID, period: Period) -> str:
    """The figures of an area."""
    return f"{reverse('situation')}?{urlencode({'area': str(area), 'period': period.text})}"


def review(area: UUID, period: Period) -> str:
    """The review of an area."""
    return f"{reverse('review')}?{urlencode({'area': str(area), 'period': period.text})}"


def matter(matter_id: UUID) -> str:
    """One matter."""
    return reverse("matter", args=[matter_id])


def one(figure: Figure, area: UUID, period: Period) -> str:
    """One figure by area and by type."""
    return f"{reverse('figure', args=[figure.code])}?{urlencode({'area': str(area), 'period': period.text})}"


def _of(rows_of: RowsOf, counted: str, area: UUID, period: str, matter_type: str) -> str:
    asked = {"area": str(area), "counted": counted, "period": period}
    if rows_of is RowsOf.VISITS:
        return f"{reverse('visits')}?{urlencode(asked)}"
    return _matters({**asked, "matter_type": matter_type})


def _matters(asked: dict[str, str]) -> str:
    return f"{reverse('desk_search')}?{urlencode({name: value for name, value in asked.items() if value})}"
