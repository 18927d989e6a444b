"""What a limit does when it is over: 签收 is presumed, a dispute goes to the centre above. Nobody keeps a matter waiting
by not looking at it.

The timers stand at the edge of the stations in the diagram of the process. Matters that walked before they had a process
are looked for by their limit.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Stale
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.actions import matter_acknowledge
from city1361.centres.execution.models import Matter
from city1361.centres.execution.road.routing import matter_request_ruling
from city1361.centres.execution.terms import MatterState
from city1361.platform.components.processes import api as processes

BATCH = 200


def by_itself(by: By, instance: processes.InstanceView, event: processes.Event) -> None:
    """A timer of a matter's process: it takes the step of its station in the name of the limit."""
    row = Matter.objects.filter(id=instance.subject_id, process_instance=instance.id).first()
    if row is None:
        raise Missing(where=str(instance.subject_id))
    over = By.system("时限", trace=by.trace)
    _take(over, row, event)


def _take(by: By, row: Matter, event: processes.Event | None) -> None:
    if row.state == MatterState.ADMITTED:
        matter_acknowledge(by=by, matter_id=row.id, expected_version=row.version, event=event)
    elif row.state == MatterState.DISPATCHING:
        reason = _("退回后超过时限未派遣")
        matter_request_ruling(by=by, matter_id=row.id, expected_version=row.version, reason=reason, event=event)


def presume_acknowledgements() -> int:
    """Acknowledge, as presumed, the matters whose limit is over; each in a transaction of its own."""
    with database.scoped(Scope.everything()):
        waiting = Matter.objects.filter(state=MatterState.ADMITTED.value, stage_due_at__lte=clock.now())
        due = list(waiting.order_by("stage_due_at")[:BATCH])
    done = 0
    for row in due:
        try:
            _take(By.system("时限"), row, None)
        except (Conflict, Missing, Stale):  # somebody acknowledged it in the meantime
            continue
        done += 1
    return done
