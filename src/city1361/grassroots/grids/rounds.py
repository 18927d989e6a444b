"""What is asked of my grids, merged per household."""

from __future__ import annotations

from city1361.base.kernel.scope import Scope
from city1361.grassroots.grids import decisions
from city1361.grassroots.grids.answers import Asked, Stop
from city1361.grassroots.grids.models import TaskEntry
from city1361.grassroots.grids.queries import own_grids
from city1361.grassroots.grids.terms import GridTaskKind, GridTaskState


def my_stops(scope: Scope) -> list[Stop]:
    """Everything asked of my grids, merged by household."""
    mine = own_grids(scope)
    rows = (
        TaskEntry.objects.filter(grid_id__in=mine, open=True, task__state=GridTaskState.RUNNING)
        .select_related("task", "household__micro_grid")
        .order_by("id")
    )
    return decisions.stops(_entry(row) for row in rows)


def _entry(row: TaskEntry) -> decisions.OpenEntry:
    task, household = row.task, row.household
    asked = Asked(row.id, task.id, task.title, GridTaskKind(task.kind), task.guidance, task.due_at)
    if household is None:
        return decisions.OpenEntry(asked, row.grid_id, None, 0, "", "")
    micro = household.micro_grid.name if household.micro_grid else ""
    return decisions.OpenEntry(asked, row.grid_id, household.id, household.number, household.address, micro)
