"""A small synthetic round in the tiny city: the town's grids filled, tasks issued."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from city1361.base.kernel import clock
from city1361.grassroots.grids import api, synthesis
from tests import cast
from tests.centres.execution import matters

OFFICER, COMMANDER, WORKER = cast.TOWN_DUTY_OFFICER, cast.TOWN_COMMANDER, cast.GRID_WORKER


def fill() -> None:
    """The synthetic register of the town of the cast, with its example tasks."""
    synthesis.generate("town", lambda done, total: None)


def soon() -> Any:
    return clock.now() + timedelta(days=2)


def issue(item: str = "gas_safety", **given: Any) -> UUID:
    """A task of the list, by the duty officer."""
    return api.task_issue(by=cast.by(OFFICER), item=item, due_at=soon(), client_key=str(uuid4()), **given)


def request(**given: Any) -> UUID:
    """A temporary task, asked for by the duty officer."""
    wanted = {
        "kind": api.GridTaskKind.INSPECTION,
        "title": "空置房屋排查",
        "guidance": "",
        "reason": "近期两起空置房漏水",
        "per_household": False,
        "due_at": soon(),
        "client_key": str(uuid4()),
    }
    return api.temporary_task_request(by=cast.by(OFFICER), **{**wanted, **given})


def stops() -> list[api.Stop]:
    """What the grid worker is asked."""
    return api.my_stops(cast.scope(WORKER))


def grid() -> UUID:
    found: UUID = matters.grid()
    return found
