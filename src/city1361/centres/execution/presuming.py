"""签收 has its own limit and is presumed at its end: nobody keeps a matter waiting by not looking at it."""

from __future__ import annotations

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.actions import matter_acknowledge
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import MatterState

BATCH = 200


def presume_acknowledgements() -> int:
    """Acknowledge, as presumed, the matters whose limit is over; each in a transaction of its own."""
    with database.scoped(Scope.everything()):
        waiting = Matter.objects.filter(state=MatterState.ADMITTED.value, stage_due_at__lte=clock.now())
        due = list(waiting.order_by("stage_due_at").values_list("id", "version")[:BATCH])
    by = By.system("时限")
    done = 0
    for matter_id, version in due:
        try:
            matter_acknowledge(by=by, matter_id=matter_id, expected_version=version)
        except (Conflict, Missing, Stale):  # somebody acknowledged it in the meantime
            continue
        done += 1
    return done
