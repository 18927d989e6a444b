"""Reports that come in otherwise than from a phone: entered after the fact, from pasted chat text, as 我也遇到.

Each is an ordinary report, and beside it a note of how it came in, written in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import get_default_timezone

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid
from city1361.base.kernel.ids import id_at
from city1361.base.kernel.scope import Level, Scope
from city1361.centres.execution import inputs, queries
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.duplicates import merging, similar
from city1361.centres.execution.entry.intake_terms import IntakeKind, IntakePermission
from city1361.centres.execution.models import Matter, MatterIntake
from city1361.centres.execution.reporting import matter_report
from city1361.centres.execution.steps.recording import subject_of
from city1361.centres.execution.terms import MatterState, Permission
from city1361.platform.assurance.standards.areas import api as areas

LONGEST_UNIT = 120
MOST_COUNTED = 20_000
COUNTED_LEVELS = (Level.CITY, Level.DISTRICT, Level.TOWN)


@dataclass(frozen=True, slots=True)
class LateEntry:
    """What a 补录 says beside the report: who dealt with it, since when, and why it was not filed at once."""

    occurred_at: datetime
    handled_first_at: datetime
    handled_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class LateStatistics:
    """补录 of a period under one area. reports: of all matters reported there in the period. Minutes are medians."""

    area: str
    entries: int
    reports: int
    handled_after: int | None
    entered_after: int | None

    @property
    def share(self) -> float:
        """The share of entries after the fact among all reports, 0 to 1."""
        return self.entries / self.reports if self.reports else 0.0


def matter_file_late(*, by: By, entry: LateEntry, **report: Any) -> MatterView:
    """补录: report what was dealt with before it was filed, with the real times. Raises Invalid naming the field, Missing."""
    checked = late_checked(entry, clock.now())
    with transaction.atomic():
        made = matter_report(by=by, occurred_at=checked.occurred_at, handled_at=checked.handled_first_at, **report)
        late_entry_record(by=by, matter_id=made.id, entry=checked)
    return made


def report_from(*, by: By, kind: IntakeKind, **report: Any) -> MatterView:
    """A report that came in as `kind`; 我也遇到 is merged with what is meant as soon as the system looks."""
    with transaction.atomic():
        made = matter_report(by=by, **report)
        intake_record(by=by, matter_id=made.id, kind=kind)
    return made


def late_checked(entry: LateEntry, now: datetime) -> LateEntry:
    """Times in their order and not ahead, words where they are needed. Raises Invalid naming the field."""
    occurred = inputs.moment(entry.occurred_at, now, "occurred_at")
    handled = inputs.moment(entry.handled_first_at, now, "handled_first_at")
    if handled < occurred:
        raise Invalid(
            "handled_before_it_happened",
            "先行处置时间早于发生时间",
            where="handled_first_at",
            remedy="请核对两个时间的先后",
        )
    return LateEntry(
        occurred,
        handled,
        inputs.text(entry.handled_by, where="handled_by", needed=True, longest=LONGEST_UNIT),
        inputs.text(entry.reason, where="reason", needed=True, longest=inputs.LONGEST_REASON),
    )


@action(IntakePermission.FILE_AFTER_THE_FACT)
def late_entry_record(*, by: By, matter_id: UUID, entry: LateEntry) -> Outcome[None]:
    """Note that a matter was entered after the fact, once. Raises Conflict for another entry, Missing."""
    row, now = queries.matter_row(registry.scope_of(by), matter_id), clock.now()
    if MatterIntake.objects.filter(matter=row.id).exists():
        return Outcome(None, subject=subject_of(row), unchanged=True)
    if not row.filed_after_the_fact:
        raise Conflict("not_late", "此事件不是补录", where="matter", remedy="请按补录登记")
    minutes = timedelta(minutes=1)
    MatterIntake.objects.create(
        matter=row,
        kind=IntakeKind.LATE.value,
        district_id=row.district_id,
        town_id=row.town_id,
        reason=entry.reason,
        handled_by=entry.handled_by,
        handled_after=(entry.handled_first_at - entry.occurred_at) // minutes,
        entered_after=max(0, (now - entry.handled_first_at) // minutes),
        entered_by=by.account,
        entered_at=now,
    )
    facts = {
        "occurred_at": entry.occurred_at.isoformat(),
        "handled_first_at": entry.handled_first_at.isoformat(),
    }
    personal = {"reason": entry.reason, "handled_by": entry.handled_by}
    return Outcome(None, subject=subject_of(row), facts=facts, personal=personal)


@action(Permission.REPORT_MATTER)
def intake_record(*, by: By, matter_id: UUID, kind: IntakeKind) -> Outcome[None]:
    """Note how one's own report came in, once. Raises Missing for another's."""
    row = queries.matter_row(registry.scope_of(by), matter_id)
    known = MatterIntake.objects.filter(matter=row.id).exists()
    if known or row.reporter_account != by.account or kind is IntakeKind.LATE:
        return Outcome(None, subject=subject_of(row), unchanged=True)
    MatterIntake.objects.create(
        matter=row,
        kind=kind.value,
        district_id=row.district_id,
        town_id=row.town_id,
        entered_by=by.account,
        entered_at=clock.now(),
    )
    return Outcome(None, subject=subject_of(row), facts={"intake": kind.value})


def join_similar(*, by: By, matter_id: UUID) -> UUID | None:
    """Merge a report that says 我也遇到 with the earlier matter it means; None when there is none. For the system."""
    row = queries.matter_row(registry.scope_of(by), matter_id)
    joins = MatterIntake.objects.filter(matter=row.id, kind=IntakeKind.JOIN.value).exists()
    if not joins or MatterState(row.state) is MatterState.MERGED:
        return None
    kept = similar.most_similar_before(row)
    if kept is None:
        return None
    try:
        merging.matter_merge(by=by, matter_id=row.id, kept_id=kept, expected_version=row.version)
    except Conflict:  # it has ended, or was merged itself, in the meantime: the report goes its own way
        return None
    return kept


def intake_of(*, scope: Scope, matter_id: UUID) -> MatterIntake | None:
    """How a matter came in, where that is known. Raises Missing."""
    row = queries.matter_row(scope, matter_id)
    return MatterIntake.objects.filter(matter=row.id).first()


def late_statistics(*, scope: Scope, since: date, until: date) -> list[LateStatistics]:
    """补录 of the days since … until (both included), by each area of the scope and what stands right below it."""
    return [
        one
        for area in sorted(scope.areas)
        if area.level in COUNTED_LEVELS
        for one in _below(area.id, area.level, _midnight(since), _midnight(until) + timedelta(days=1))
    ]


def _below(area: UUID, level: Level, since: datetime, until: datetime) -> list[LateStatistics]:
    lower = {Level.CITY: areas.children(area), Level.DISTRICT: areas.children(area)}.get(level, [])
    named = [areas.area(area), *lower]
    counted = [_statistics(one, since, until) for one in named]
    return [counted[0], *(one for one in counted[1:] if one.entries)]


def _statistics(area: areas.AreaBrief, since: datetime, until: datetime) -> LateStatistics:
    where = Q() if area.level is Level.CITY else Q(**{f"{_level(area)}_id": area.id})
    found = MatterIntake.objects.filter(where, kind=IntakeKind.LATE.value, entered_at__gte=since, entered_at__lt=until)
    delays = list(found.values_list("handled_after", "entered_after")[:MOST_COUNTED])
    below = Q() if area.level is Level.CITY else Q(**{f"{area.level.value}_id": area.id})
    reports = Matter.objects.filter(below, id__gte=id_at(since), id__lt=id_at(until)).count() if delays else 0
    return LateStatistics(
        area.short_name,
        len(delays),
        reports,
        round(median(one[0] or 0 for one in delays)) if delays else None,
        round(median(one[1] or 0 for one in delays)) if delays else None,
    )


def _level(area: areas.AreaBrief) -> str:
    return "district" if area.level is Level.DISTRICT else "town"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), get_default_timezone())
