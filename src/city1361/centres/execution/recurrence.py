"""反复: the same type at the same place within the city's days is linked, even under a new number."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.ids import id_at, moment_of
from city1361.centres.execution import queries
from city1361.centres.execution.decisions import metres_between
from city1361.centres.execution.models import Matter
from city1361.centres.execution.rules import Rules
from city1361.centres.execution.steps.recording import subject_of
from city1361.centres.execution.terms import MatterState, Permission


@action(Permission.LINK_RECURRENCE)
def matter_link_recurrence(*, by: By, matter_id: UUID) -> Outcome[UUID | None]:
    """Link a matter with the latest one it repeats; answers its id, or None when it is the first.

    The version stays: nobody's open page is stale because of it. Sees every matter, so only the system does this.
    """
    row = queries.matter_row(registry.scope_of(by), matter_id)
    earlier = None if row.recurrence_of else _earlier(row, queries.rules())
    if earlier is None:
        return Outcome(row.recurrence_of, subject=subject_of(row), unchanged=True)
    Matter.objects.filter(pk=row.id).update(recurrence_of=earlier.id)
    return Outcome(earlier.id, subject=subject_of(row), facts={"recurrence_of": earlier.number})


def _earlier(row: Matter, rules: Rules) -> Matter | None:
    since = id_at(moment_of(row.id) - timedelta(days=rules.recurrence_days))
    before = Matter.objects.filter(town_id=row.town_id, type=row.type_id, id__gte=since, id__lt=row.id)
    before = before.exclude(state=MatterState.REFUSED.value).order_by("-id")
    return next((one for one in before[:500] if _same_place(row, one, rules.recurrence_metres)), None)


def _same_place(one: Matter, other: Matter, metres: int) -> bool:
    """Within so many metres; where one has no coordinates, in the same grid."""
    if one.lon is not None and one.lat is not None and other.lon is not None and other.lat is not None:
        return metres_between(one.lon, one.lat, other.lon, other.lat) <= metres
    return one.grid_id is not None and one.grid_id == other.grid_id
