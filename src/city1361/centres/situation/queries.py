"""Reads of the counts. Row security is bound; each is an equality on the area."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.centres.situation.models import COUNTS, ClosedPeriod

Counts = dict[str, int]
STOCK = (*(name for name in COUNTS if name.startswith("in_")), "shelved_of_due")
LATE = "late"


@lru_cache(maxsize=64)
def _sums(names: tuple[str, ...], group: str) -> str:
    columns = ", ".join(f"sum({name})" for name in names if name in COUNTS)
    return f"SELECT {group}, {columns} FROM centres_situation_counter WHERE area_id = ANY (%s)"  # noqa: S608 - our own names


def _asked(statement: str, values: Sequence[Any], names: tuple[str, ...]) -> dict[Any, Counts]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {row[0]: dict(zip(names, (int(one or 0) for one in row[1:]), strict=True)) for row in cursor.fetchall()}


def _known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names) & set(COUNTS)))


def of_areas(ids: Collection[UUID], first: date, after: date, names: Iterable[str] = COUNTS) -> dict[UUID, Counts]:
    """The counts of areas over the days from `first` to before `after`; an area without any is not there."""
    wanted = _known(names)
    statement = _sums(wanted, "area_id") + " AND type = '' AND day >= %s AND day < %s GROUP BY area_id"
    return _asked(statement, [list(ids), first, after], wanted)


def of_types(area: UUID, types: Collection[str], first: date, after: date, names: Iterable[str]) -> dict[str, Counts]:
    """The counts of one area by type."""
    wanted = _known(names)
    statement = _sums(wanted, "type") + " AND type = ANY (%s) AND day >= %s AND day < %s GROUP BY type"
    return _asked(statement, [[area], list(types), first, after], wanted)


def of_days(area: UUID, first: date, after: date, names: Iterable[str]) -> dict[date, Counts]:
    """The counts of one area day by day."""
    wanted = _known(names)
    statement = _sums(wanted, "day") + " AND type = '' AND day >= %s AND day < %s GROUP BY day"
    return _asked(statement, [[area], first, after], wanted)


def stock_of_areas(ids: Collection[UUID], today: date) -> dict[UUID, Counts]:
    """What is open now, by state, on the shelf, and `late`: with a limit that ended before today."""
    statement = _sums(STOCK, "area_id").replace(" FROM", ", sum(in_hand) FILTER (WHERE day < %s) FROM")
    statement += " AND type = '' AND in_hand IS NOT NULL GROUP BY area_id"
    return _asked(statement, [today, list(ids)], (*STOCK, LATE))


def stock_of_types(area: UUID, types: Collection[str], today: date) -> dict[str, Counts]:
    """The same of one area by type."""
    statement = _sums(STOCK, "type").replace(" FROM", ", sum(in_hand) FILTER (WHERE day < %s) FROM")
    statement += " AND type = ANY (%s) AND in_hand IS NOT NULL GROUP BY type"
    return _asked(statement, [today, [area], list(types)], (*STOCK, LATE))


def waiting_since() -> datetime | None:
    """When the oldest change was made that has not been added up; None when all are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least((SELECT at FROM centres_situation_matterdelta ORDER BY id LIMIT 1),"
            " (SELECT at FROM centres_situation_visitdelta ORDER BY id LIMIT 1))"
        )
        found: datetime | None = cursor.fetchone()[0]
    return found


def closed(ids: Collection[UUID], kind: str, first: date) -> dict[UUID, ClosedPeriod]:
    """What was told of areas when a period was over."""
    return {row.area_id: row for row in ClosedPeriod.objects.filter(area_id__in=ids, kind=kind, first=first)}


def closed_since(area: UUID, kind: str, first: date) -> dict[date, ClosedPeriod]:
    """What was told of one area when its periods were over, from `first` on."""
    return {row.first: row for row in ClosedPeriod.objects.filter(area_id=area, kind=kind, first__gte=first)}
