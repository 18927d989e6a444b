"""What happens when a limit is over: once each, in the order the limits ended, however long nothing ran."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from city1361.base.database import api as database
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.command import reading
from city1361.centres.command.answering import call_lapse
from city1361.centres.command.tasking import task_presume

BATCH = 200


def lapse_limits() -> int:
    """Hand unanswered calls to the centre above, presume unacknowledged tasks. Returns how many."""
    by = By.system("时限")
    calls = _each(reading.unanswered, lambda one: call_lapse(by=by, call_id=one))
    return calls + _each(reading.unacknowledged, lambda one: task_presume(by=by, task_id=one))


def _each(due: Callable[[int], list[UUID]], act: Callable[[UUID], object]) -> int:
    """Act on what is due, each in a transaction of its own, batch after batch until a batch brings nothing new."""
    done = 0
    while True:
        with database.scoped(Scope.everything()):
            batch = due(BATCH)
        acted = sum(_one(act, one) for one in batch)
        done += acted
        if not acted or len(batch) < BATCH:
            return done


def _one(act: Callable[[UUID], object], one: UUID) -> bool:
    try:
        act(one)
    except (Conflict, Missing):  # somebody acted in the meantime
        return False
    return True
