"""What is listed, for whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Level, Scope
from city1361.centres.supervision.models import RadarFinding, RadarScan
from city1361.centres.supervision.terms import Sign

PAGE = 100
SEEN = (Level.CITY, Level.DISTRICT, Level.TOWN)


@dataclass(frozen=True, slots=True)
class FindingView:
    """A sign at a unit on a day: measured of base, with the thresholds of that day, and who looked at it."""

    id: UUID
    day: date
    sign: Sign
    organisation: UUID | None
    organisation_name: str
    measured: int
    base: int
    thresholds: dict[str, int]
    matters: tuple[UUID, ...]
    found_at: datetime
    looked_at: datetime | None
    looked_who: str
    note: str


def findings(
    *, scope: Scope, sign: Sign | None = None, looked: bool | None = None, before: UUID | None = None
) -> list[FindingView]:
    """The list, newest first, a page at a time. before: the last of the page before."""
    wanted = Q(sign=sign.value) if sign else Q()
    wanted &= Q(looked_at__isnull=not looked) if looked is not None else Q()
    wanted &= Q(id__lt=before) if before else Q()
    return [_view(row) for row in RadarFinding.objects.filter(_within(scope), wanted).order_by("-id")[:PAGE]]


def finding(*, scope: Scope, finding_id: UUID) -> FindingView:
    """One of them. Raises Missing."""
    row = RadarFinding.objects.filter(_within(scope), pk=finding_id).first()
    if row is None:
        raise Missing()
    return _view(row)


def waiting(*, scope: Scope) -> int:
    """How many nobody has looked at, up to a thousand."""
    return RadarFinding.objects.filter(_within(scope), looked_at__isnull=True)[:1000].count()


def last_scan() -> tuple[date, datetime] | None:
    """The newest day that was looked through, and when."""
    row = RadarScan.objects.order_by("-day").first()
    return (row.day, row.at) if row else None


def _within(scope: Scope) -> Q:
    if scope.unlimited:
        return Q()
    seen = Q(pk__in=())
    for area in scope.areas:
        if area.level in SEEN:
            seen |= Q(**{f"{area.level.value}_id": area.id})
    return seen


def _view(row: RadarFinding) -> FindingView:
    return FindingView(
        row.id, row.day, Sign(row.sign), row.organisation, row.organisation_name, row.measured, row.base, row.thresholds,
        tuple(row.matters), row.found_at, row.looked_at, row.looked_who, row.note,
    )  # fmt: skip
