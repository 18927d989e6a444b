"""Filters as conditions on matters: each list stays a scan by equality on one level column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import get_default_timezone

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.ids import id_at
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.base.search import api as search
from city1361.centres.execution.entry.intake_terms import Flag, IntakePermission
from city1361.centres.execution.listings.figures import condition as condition_of
from city1361.centres.execution.listings.filters import Wanted
from city1361.centres.execution.listings.periods import period_from
from city1361.centres.execution.terms import OPEN_STATES, Due
from city1361.platform.assurance.standards.areas import api as areas

SEARCH_KIND = "matter"
MOST_FOUND = 1000
SOON = timedelta(hours=2)
# A matter that was merged with an earlier report is as old as that one, its id is not: months of ids still narrow a scan.
LATEST_AFTER = timedelta(days=31)
OPEN = Q(state__in=[state.value for state in OPEN_STATES])
FLAGS = {
    Flag.REOPENED: Q(reopened_count__gt=0),
    Flag.RETURNED: Q(returned_count__gt=0),
    Flag.LATE: Q(filed_after_the_fact=True),
    Flag.SENSITIVE: Q(sensitive__len__gt=0),
    Flag.RECURS: Q(recurrence_of__isnull=False),
    Flag.SELF: Q(self_report_self_close=True),
    Flag.UNTOUCHED: OPEN & Q(version=1),
    Flag.ON_SHELF: OPEN & Q(shelved_owner__isnull=False),
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Conditions, and the scope they leave: with an area chosen, only what both hold."""

    condition: Q
    scope: Scope


def narrowed(wanted: Wanted, scope: Scope) -> Narrowed | None:
    """What `wanted` leaves of what `scope` may see; None when nothing can be left. Raises Invalid."""
    condition, left = _plain(wanted, scope), scope
    if wanted.area:
        place = _lineage(wanted.area)
        if place is None:
            return None
        condition &= Q(**{f"{place.lowest.level.value}_id": wanted.area})
        within = _both(scope, place)
        if within is None:
            return None
        left = within
    if wanted.q:
        found = search.matches(SEARCH_KIND, wanted.q, MOST_FOUND, within=search_keys(left))
        if not found:
            return None
        condition &= Q(id__in=found)
    return Narrowed(condition, left)


def _plain(wanted: Wanted, scope: Scope) -> Q:
    """The conditions that need no look at anything else."""
    equal = {
        "state": wanted.state,
        "type": wanted.matter_type,
        "type__category": wanted.category,
        "urgency": wanted.urgency,
        "channel": wanted.channel,
        "lead": wanted.lead,
    }
    condition = Q(**{name: value for name, value in equal.items() if value})
    if wanted.due:
        condition &= due(wanted.due)
    if wanted.since:
        since = _midnight(wanted.since, 0)
        condition &= Q(reported_at__gte=since, id__gte=id_at(since))
    if wanted.until:
        until = _midnight(wanted.until, 1)
        condition &= Q(reported_at__lt=until, id__lt=id_at(until + LATEST_AFTER))
    if wanted.counted:
        condition &= counted(wanted)
    for flag in wanted.flags:
        if flag is Flag.SENSITIVE and not scope.allows(IntakePermission.READ_SENSITIVE):
            raise Invalid("bad_flags", "没有这个标记", where="flags", remedy="请去掉这个标记")
        condition &= FLAGS[flag]
    return condition


def due(wanted: Due) -> Q:
    """Open matters over their total limit, or close to it."""
    now = clock.now()
    if wanted is Due.OVERDUE:
        return OPEN & Q(total_due_at__lt=now)
    return OPEN & Q(total_due_at__gte=now, total_due_at__lt=now + SOON)


def counted(wanted: Wanted) -> Q:
    """The matters behind a figure. No day of a matter is before its report, so months of ids narrow the scan."""
    if wanted.counted is None:
        return Q()
    if not wanted.period:
        return condition_of(wanted.counted)
    period = period_from(wanted.period)
    return condition_of(wanted.counted, period) & Q(id__lt=id_at(period.until + LATEST_AFTER))


def search_keys(scope: Scope) -> list[UUID] | None:
    """The keys by which the index finds what this scope may see; None: everything."""
    if scope.unlimited or any(area.level is Level.CITY for area in scope.areas):
        return None
    keys = {area.id for area in scope.areas} | set(scope.organisations)
    return sorted(keys | ({scope.account} if scope.account else set()))


def _midnight(day: object, after: int) -> datetime:
    return datetime.combine(day, time(), get_default_timezone()) + timedelta(days=after)  # type: ignore[arg-type]


def _lineage(area_id: UUID) -> areas.Lineage | None:
    try:
        return areas.lineage(area_id)
    except Missing:
        return None


def _both(scope: Scope, chosen: areas.Lineage) -> Scope | None:
    """The scope within the chosen area. An area above the scope leaves it as it is, one beside it nothing."""
    own = AreaRef(chosen.lowest.level, chosen.lowest.id)
    if scope.unlimited or not scope.areas:
        return scope
    if any(area.id in chosen.ids for area in scope.areas):
        return replace(scope, areas=frozenset({own}))
    below = areas.lineages([area.id for area in scope.areas])
    left = frozenset(area for area in scope.areas if area.id in below and own.id in below[area.id].ids)
    return replace(scope, areas=left) if left else None
