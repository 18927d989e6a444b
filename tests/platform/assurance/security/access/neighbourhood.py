"""Grids, households and grid tasks of the little world: seen by area, and by the permission that the endpoint asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from city1361.base.kernel import clock
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast

KINDS = ("grid", "household", "grid_task")


def fill(world: Any, thing: Any, unbounded: Any) -> None:
    """Make them with real actions; `thing` is the class of a Thing."""
    from city1361.grassroots.grids import api, synthesis
    from city1361.grassroots.grids.models import Household

    synthesis.generate("town", lambda done, total: None)
    for code in ("119901001001001", "119901001001002", "119901002001001"):
        grid = areas.by_code(code).id
        world.things.setdefault("grid", []).append(thing(grid, areas.lineage(grid).ids, label=code))
    first = _first_of_each_grid(unbounded(lambda: list(Household.objects.values_list("grid_id", "id").order_by("id"))))
    world.things["household"] = [thing(home, areas.lineage(grid).ids) for grid, home in first.items()]
    task = api.temporary_task_request(
        by=cast.by(cast.TOWN_DUTY_OFFICER),
        kind=api.GridTaskKind.INSPECTION,
        title="空置房屋排查",
        guidance="",
        reason="近期两起漏水",
        per_household=False,
        due_at=clock.now() + timedelta(days=2),
        client_key=str(uuid4()),
    )
    town = areas.lineage(areas.by_code("119901001").id)
    world.things["grid_task"] = [thing(task, town.ids)]


def _first_of_each_grid(rows: list[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    found: dict[UUID, UUID] = {}
    for grid, household in rows:
        found.setdefault(grid, household)
    return dict(list(found.items())[:3])
