"""Counts of open matters for the boards of application packages: by state, type and area, each with its late ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.kernel.scope import Level, Scope
from city1361.centres.execution.listings import lists
from city1361.centres.execution.listings.filtering import OPEN
from city1361.centres.execution.listings.filters import Wanted
from city1361.centres.execution.models import Matter, MatterType
from city1361.centres.execution.terms import STATE_LABELS, Due, MatterState, Tab
from city1361.platform.applications.packages import api as packages
from city1361.platform.assurance.standards.areas import api as areas

GROUPS = {"state": "按状态", "matter_type": "按类型", "area": "按区域"}
NARROWING = ("standing", "due")
MOST_LINES = 60


def counts(group: str, asked: packages.Asked) -> Sequence[packages.Counted]:
    """Open matters of the package within what one may see, the most first; states in the order of their course."""
    column = _area_column(asked.scope) if group == "area" else {"state": "state", "matter_type": "type_id"}[group]
    found, late = _counted(column, asked)
    labels = _labels(group, list(found))
    order = {state.value: place for place, state in enumerate(MatterState)} if group == "state" else {}
    values = sorted(found, key=lambda value: (order.get(value, 0), -found[value], labels.get(value, "")))
    return [
        packages.Counted(
            labels[value],
            found[value],
            {group: str(value), "standing": "open"},
            late[value],
            {"due": Due.OVERDUE.value},
        )
        for value in values[:MOST_LINES]
        if value in labels
    ]


def _counted(column: str, asked: packages.Asked) -> tuple[Counter[Any], Counter[Any]]:
    found: Counter[Any] = Counter()
    late: Counter[Any] = Counter()
    overdue = Count("id", filter=Q(total_due_at__lt=clock.now()))
    for branch in lists.branches_of(asked.scope, asked.by, Tab.ALL, Wanted()):
        rows = Matter.objects.filter(branch & OPEN & Q(type__package=asked.package)).order_by()
        for value, count, overdue_count in rows.values_list(column).annotate(all=Count("id"), overdue=overdue):
            found[value] += count
            late[value] += overdue_count
    return found, late


def _area_column(scope: Scope) -> str:
    """The level below one's own: districts for the city, towns for a district, grids for a village and a grid."""
    levels = list(Level)
    widest = min((levels.index(area.level) for area in scope.areas), default=0)
    return f"{levels[min(widest + 1, len(levels) - 1)].value}_id"


def _labels(group: str, values: list[Any]) -> Mapping[Any, str]:
    if group == "state":
        return {state.value: _(STATE_LABELS[state]) for state in MatterState}
    if group == "matter_type":
        return dict(MatterType.objects.filter(pk__in=values).values_list("pk", "name"))
    known = areas.areas([value for value in values if value])
    return {value: brief.short_name for value, brief in known.items()}
