"""The rates at the head of the page of supervision, from the same figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Flag, period_from
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


NOW = (("超时未结", "due", "overdue"), ("上报后无人办理", "flags", Flag.UNTOUCHED.value))
"""What stands at this moment, however long ago it was reported: the numbers of the wall and of the desk."""
IN_PERIOD = (
    ("退回过", "flags", Flag.RETURNED.value),
    ("重新打开", "flags", Flag.REOPENED.value),
    ("反复发生", "flags", Flag.RECURS.value),
    ("自报自结", "flags", Flag.SELF.value),
)
MOST = 1000


def lists(by: By, scope: Scope, period: str) -> str:
    """Matters that are worth a look: some as they stand now, some of those reported in the period; each list with how
    many stand in it. They prove nothing by themselves: nobody is marked or ranked by them."""
    if not scope.allows(execution.Permission.READ_MATTER) or not scope.allows(Permission.READ_FIGURES):
        return ""
    asked = period_from(period)
    days = {"since": asked.first.isoformat(), "until": (asked.after - timedelta(days=1)).isoformat()}
    found = []
    for chosen, kept, moment in ((NOW, {}, _("此刻")), (IN_PERIOD, days, _("统计期内上报"))):
        for label, name, value in chosen:
            wanted: dict[str, Any] = {**kept, name: (value,) if name == "flags" else value}
            count = execution.counted(scope=scope, by=by, most=MOST, **wanted)
            address = f"{reverse('desk_search')}?{urlencode({**kept, name: value})}"
            found.append((_(label), f"{MOST}+" if count >= MOST else str(count), moment, address))
    return render_to_string("centres_situation/lists.html", {"lists": found})
