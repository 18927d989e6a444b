"""A temporary task waits in the inbox of those who may let it in."""

from __future__ import annotations

from django.urls import reverse

from city1361.base.kernel.by import By
from city1361.grassroots.grids.models import GridTask
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api as processes

KIND = processes.Kind("grid_task_entry", "网格任务准入")
SUBJECT_KIND = "grid_task"


def ask(by: By, row: GridTask) -> None:
    """Put it before the commander of the town's centre."""
    centre = organisations.town_centre(row.town_id)
    posts = [one for one in organisations.posts_of(centre.id) if one.function is organisations.PostFunction.DIRECT]
    processes.work_item_open(
        by,
        processes.WorkItemNew(
            kind=KIND.code,
            title=row.title,
            holder=processes.WorkItemHolder(centre.id, posts[0].code if posts else ""),
            area=processes.AreaColumns(row.city_id, row.district_id, row.town_id),
            subject_kind=SUBJECT_KIND,
            subject_id=row.id,
            address=reverse("grid_task", args=[row.id]),
            due_at=row.due_at,
        ),
    )


def settle(by: By, row: GridTask) -> None:
    """It was decided."""
    processes.work_item_close(by, subject_id=row.id, kind=KIND.code)
