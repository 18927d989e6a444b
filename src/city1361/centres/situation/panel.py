"""The rates at the head of the page of supervision, from the same figures."""

from __future__ import annotations

from django.template.loader import render_to_string

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.api import period_from
from city1361.centres.situation import boards, presentation
from city1361.centres.situation.terms import Permission

SHOWN = ("closing", "solution", "on_time_closing", "satisfaction", "response", "rework", "extension", "self_closing")


def draw(by: By, scope: Scope, period: str) -> str:
    """The tiles; nothing for whoever may not read figures, or has no area that is counted."""
    if not scope.allows(Permission.READ_FIGURES):
        return ""
    try:
        board = boards.figures(scope=scope, period=period_from(period), codes=SHOWN)
    except Missing:
        return ""
    return render_to_string("centres_situation/tiles.html", {"tiles": presentation.tiles(board, SHOWN)})
