"""The list of exclusions: what takes a matter out of a rate, each with the limits before and after."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from city1361.base.kernel.by import By
from city1361.centres.execution.models import Matter, MatterApproval, MatterExclusion
from city1361.centres.execution.terms import ExclusionKind


def keep(
    row: Matter,
    kind: ExclusionKind,
    now: datetime,
    *,
    by: By,
    reason: str,
    until: datetime | None = None,
    approval: MatterApproval | None = None,
    owner: UUID | None = None,
    review_on: date | None = None,
) -> MatterExclusion:
    """A line of the list, as the limits stand before; `finish` fills in how they stand after."""
    return MatterExclusion.objects.create(
        matter=row,
        kind=kind.value,
        since=now,
        until=until,
        reason=reason,
        total_due_before=row.total_due_at,
        total_due_after=row.total_due_at if until else None,
        stage_due_before=row.stage_due_at,
        stage_due_after=row.stage_due_at if until else None,
        owner=owner,
        review_on=review_on,
        organisation=approval.asked_by_organisation if approval else by.organisation,
        approval=approval,
    )


def finish(row: Matter, line: MatterExclusion, now: datetime, minutes: int) -> None:
    """What it has moved the limits to."""
    line.until, line.minutes = now, minutes
    line.total_due_after, line.stage_due_after = row.total_due_at, row.stage_due_at
    line.save(update_fields=["until", "minutes", "total_due_after", "stage_due_after", "amount", "unit"])


def running(row: Matter) -> MatterExclusion | None:
    """The pause or shelving that lasts."""
    still = (ExclusionKind.PAUSED.value, ExclusionKind.SHELVED_MATTER.value)
    return MatterExclusion.objects.filter(matter=row.id, kind__in=still, until=None).order_by("-id").first()
