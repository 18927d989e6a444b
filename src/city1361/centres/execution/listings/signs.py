"""What the nightly look for signs reads of matters: bounded by days, as the scope that is bound may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone

from city1361.base.kernel.ids import id_at
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.listings.figures import CLOSED, FigureRow, rows_of
from city1361.centres.execution.listings.filtering import LATEST_AFTER
from city1361.centres.execution.models import Matter, MatterExclusion
from city1361.centres.execution.queries import visible_to
from city1361.centres.execution.terms import ExclusionKind

TEXTS = """
WITH said AS (
    SELECT s.matter_id, s.organisation AS unit, md5(regexp_replace(s.text, '\\s', '', 'g')) AS digest
    FROM centres_execution_matterstep s
    WHERE s.id >= %s AND s.id < %s AND s.step = 'request_close' AND s.organisation IS NOT NULL
      AND length(regexp_replace(s.text, '\\s', '', 'g')) >= %s
)
SELECT unit, digest, array_agg(DISTINCT matter_id) FROM said GROUP BY unit, digest
HAVING count(DISTINCT matter_id) >= %s
"""
TURNED_AWAY = """
SELECT centre_id, count(*) FILTER (WHERE reported_at >= %s), count(*) FILTER (WHERE reported_at < %s),
       (array_agg(id ORDER BY id DESC) FILTER (WHERE reported_at >= %s))[1:200]
FROM centres_execution_matter
WHERE state = %s AND reported_at >= %s AND reported_at < %s AND id >= %s AND id < %s
GROUP BY centre_id HAVING count(*) FILTER (WHERE reported_at >= %s) > 0
"""


@dataclass(frozen=True, slots=True)
class Closing:
    """A matter that was closed: by which unit, between which moments."""

    id: UUID
    unit: UUID | None
    reported_at: datetime
    closed_at: datetime
    due_at: datetime
    self_closed: bool


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """What a centre refused or voided: lately, and in the time before."""

    centre: UUID
    lately: int
    before: int
    matters: tuple[UUID, ...]


def closings(since: datetime, until: datetime) -> list[Closing]:
    """Every matter closed between two moments."""
    found = Matter.objects.filter(CLOSED, closed_at__gte=since, closed_at__lt=until, id__lt=id_at(until + LATEST_AFTER))
    columns = ("id", "lead_id", "reported_at", "closed_at", "total_due_at", "self_report_self_close")
    return [Closing(*row) for row in found.order_by("closed_at", "id").values_list(*columns)]


def closings_by_day(since: datetime, until: datetime) -> dict[UUID, dict[date, int]]:
    """How many each unit closed on each day."""
    found = Matter.objects.filter(CLOSED, closed_at__gte=since, closed_at__lt=until, lead__isnull=False)
    day = TruncDate("closed_at", tzinfo=get_default_timezone())
    made: Any = {}
    counted: Any = found.annotate(day=day).order_by().values_list("lead_id", "day").annotate(Count("id"))
    for unit, when, count in counted:
        made.setdefault(unit, {})[when] = count
    return dict(made)


def same_closing_texts(
    since: datetime, until: datetime, *, length: int, least: int
) -> list[tuple[UUID, str, list[UUID]]]:
    """Unit, digest and matters where at least so many requests to close say the very same, blanks aside."""
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [id_at(since), id_at(until), length, least])
        return [(row[0], row[1], list(row[2])) for row in cursor.fetchall()]


def turned_away(state: str, since: datetime, middle: datetime, until: datetime) -> list[TurnedAway]:
    """What each centre refused (or voided) of what was reported since `middle`, and between `since` and then."""
    values: list[Any] = [middle, middle, middle, state, since, until, id_at(since), id_at(until + LATEST_AFTER), middle]
    with connection.cursor() as cursor:
        cursor.execute(TURNED_AWAY, values)
        return [TurnedAway(row[0], row[1], row[2], tuple(row[3])) for row in cursor.fetchall()]


def extensions(since: datetime, until: datetime) -> list[tuple[UUID | None, UUID, datetime, datetime]]:
    """Who asked, which matter, when, and the limit it had, of every extension that began between two moments."""
    found = MatterExclusion.objects.filter(kind=ExclusionKind.EXTENDED.value, since__gte=since, since__lt=until)
    return list(found.order_by("id").values_list("organisation", "matter_id", "since", "total_due_before"))


def splits(since: datetime, until: datetime, *, least: int) -> list[tuple[UUID | None, UUID, list[UUID]]]:
    """Lead, report and parts of every report that was split into at least so many."""
    parts: dict[UUID, list[UUID]] = {}
    made = Matter.objects.filter(id__gte=id_at(since), id__lt=id_at(until), parent__isnull=False)
    for parent, part in made.order_by("id").values_list("parent", "id"):
        if parent is not None:
            parts.setdefault(parent, []).append(part)
    many = {parent: found for parent, found in parts.items() if len(found) >= least}
    leads = dict(Matter.objects.filter(id__in=many).values_list("id", "lead_id"))
    return [(leads.get(parent), parent, found) for parent, found in many.items()]


def places_of(matters: Collection[UUID]) -> dict[UUID, tuple[UUID, UUID, UUID, UUID | None]]:
    """City, district, town and lead of some matters."""
    found = Matter.objects.filter(id__in=list(matters)).values_list(
        "id", "city_id", "district_id", "town_id", "lead_id"
    )
    return {row[0]: row[1:] for row in found}


def matters_named(*, scope: Scope, ids: Collection[UUID]) -> list[FigureRow]:
    """These matters, the newest first, those left out that one may not see."""
    found = Matter.objects.select_related("lead").filter(visible_to(scope), id__in=list(ids))
    return rows_of(list(found.order_by("-id")))
